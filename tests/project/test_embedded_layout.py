"""Places and addresses that follow from the data folder alone."""

import os

import dj_database_url
import pytest

from project.embedded.layout import CHECKOUT, database_url, layout


def test_the_default_place_is_in_the_checkout(monkeypatch):
    monkeypatch.delenv("DATA_DIR", raising=False)

    assert layout().data_dir == CHECKOUT / "var"


def test_an_empty_variable_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("DATA_DIR", "")

    assert layout().data_dir == CHECKOUT / "var"


def test_a_relative_place_is_taken_from_where_the_person_is(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "here")

    assert layout().data_dir == tmp_path / "here"


def test_two_names_of_one_folder_share_their_sockets(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to("data")

    assert layout(tmp_path / "link") == layout(tmp_path / "data")


def test_two_folders_have_sockets_of_their_own(tmp_path):
    assert layout(tmp_path / "a").socket_dir != layout(tmp_path / "b").socket_dir


@pytest.mark.parametrize("socket", [".s.PGSQL.5432", "valkey.sock"])
def test_a_socket_fits_in_its_bound_however_deep_the_data_lie(socket):
    deep = layout("/" + "very/deep/" * 40)

    assert len(os.fsencode(deep.socket_dir / socket)) <= 103


def test_django_finds_the_socket_by_the_url(tmp_path):
    place = layout(tmp_path)

    settings = dj_database_url.parse(database_url(place))

    assert settings["HOST"] == str(place.socket_dir)
    assert (settings["NAME"], settings["USER"], settings["PORT"]) == ("imprimatur",) * 2 + (5432,)
