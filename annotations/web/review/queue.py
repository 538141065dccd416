"""The review queue, and one item of it with the decision."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from annotations import policy
from annotations.errors import Conflict, Invalid, Refused
from annotations.models import Annotation, Decision, Span, State
from annotations.queries.annotations.excerpts import passages_of
from annotations.queries.annotations.version_history import neighbours
from annotations.queries.annotations.work import annotation_on, review_queue
from annotations.services.review import decide, withdraw
from annotations.web.access import DeskRequest, members_only
from annotations.web.paging import Key, page_of
from annotations.web.review.forms import DecisionForm, WithdrawalForm
from annotations.web.review.history import history_of

PAGE = 50
BY_TIME = (Key("time", "submitted_at"), Key("id", "id"))
DONE = {
    Decision.Verdict.APPROVE: "Approved. It is published now.",
    Decision.Verdict.RETURN: "Returned to its author.",
    Decision.Verdict.REJECT: "Rejected.",
}


@require_safe
@members_only()
def review(request: DeskRequest) -> HttpResponse:
    spans = Prefetch("head__spans", Span.objects.order_by("start"))
    queue = review_queue(request.desk).prefetch_related(spans)
    page = page_of(queue, BY_TIME, request.GET, PAGE)
    context = {"desk": request.desk, "role": request.role, "page": page, "member": request.member}
    return render(request, "review/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only()
def review_item(request: DeskRequest, annotation: UUID) -> HttpResponse:
    """The passage and all that is said about it; posted, the decision and on to the next item."""
    item = annotation_on(request.desk, annotation)
    if request.method != "POST":
        return _item(request, item, DecisionForm(initial=_initial(item)))
    if "withdraw" in request.POST:
        return _withdraw(request, item)
    return _decide(request, item)


def _decide(request: DeskRequest, item: Annotation) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _item(request, item, form, status=422)
    after = neighbours(item)
    verdict, note = form.cleaned_data["verdict"], form.cleaned_data["note"]
    try:
        decide(
            annotation=item,
            by=request.member,
            expected_version=form.cleaned_data["version"],
            verdict=verdict,
            note=note,
        )
    except Invalid as error:
        form.take(error)
        return _item(request, item, form, status=422)
    except (Conflict, Refused) as error:
        form.add_error(None, error.sentence)
        now = annotation_on(request.desk, item.id)
        status = 403 if isinstance(error, Refused) else 409
        return _item(request, now, form.with_version(_version(now)), status=status)
    messages.success(request, DONE[Decision.Verdict(verdict)])
    following = after.next or after.previous
    if following is None:
        return redirect("review", request.desk.slug)
    return redirect("review_item", request.desk.slug, following.id)


def _withdraw(request: DeskRequest, item: Annotation) -> HttpResponse:
    form = WithdrawalForm(request.POST, auto_id="withdrawal_%s")
    if not form.is_valid():
        decision = DecisionForm(initial=_initial(item))
        return _item(request, item, decision, withdrawal=form, status=422)
    withdraw(annotation=item, by=request.member, reason=form.cleaned_data["note"])
    messages.success(request, "Withdrawn. It is no longer published; readers see the reason.")
    return redirect("review_item", request.desk.slug, item.id)


def _item(
    request: DeskRequest,
    item: Annotation,
    form: DecisionForm,
    *,
    withdrawal: WithdrawalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    head = item.head
    if head is None:
        raise Conflict("This annotation has no version yet.")
    decider = policy.allows(request.role, policy.Action.DECIDE)
    context = {
        "desk": request.desk,
        "role": request.role,
        "item": item,
        "head": head,
        "passages": passages_of(head),
        "history": history_of(item),
        "neighbours": neighbours(item),
        "form": form,
        "in_review": head.state == State.SUBMITTED,
        "decides": decider and head.state == State.SUBMITTED,
        "withdraws": item.published_id and policy.allows(request.role, policy.Action.WITHDRAW),
        "withdrawal_form": withdrawal or WithdrawalForm(auto_id="withdrawal_%s"),
        "approves": policy.may_decide(item, request.member, request.role),
    }
    return render(request, "review/item.html", context, status=status)


def _initial(item: Annotation) -> dict[str, int]:
    return {"version": _version(item)}


def _version(item: Annotation) -> int:
    return item.head.number if item.head else 0
