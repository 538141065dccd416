# One image for web, worker, scheduler and migrations; docker-compose.yml gives each its command.
ARG PYTHON_IMAGE=python:3.13-slim
FROM ${PYTHON_IMAGE} AS packages
RUN python -m venv /venv
COPY requirements.lock /
RUN /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /requirements.lock

FROM ${PYTHON_IMAGE}
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin imprimatur \
    && install -d -o imprimatur -g imprimatur -m 0750 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
RUN IMPRIMATUR_ENV=production SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(32))')" \
    python manage.py collectstatic --noinput \
    && python -m compileall -q annotations project
USER imprimatur
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "project.serve"]
