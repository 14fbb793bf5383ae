# One image: the pages' scripts and styles are built first, then the application runs as an ordinary user.
# Where Docker Hub, PyPI or npm are out of reach, name mirrors:
#   docker build --build-arg REGISTRY=mirror.example/library --build-arg PIP_INDEX_URL=… --build-arg NPM_CONFIG_REGISTRY=… .
ARG REGISTRY=docker.io/library
FROM ${REGISTRY}/node:22-slim AS web
ARG NPM_CONFIG_REGISTRY
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY web ./
RUN node build.mjs

FROM ${REGISTRY}/python:3.13-slim-trixie
ARG PIP_INDEX_URL
ARG DEBIAN_MIRROR
LABEL org.opencontainers.image.title="Sanliang" org.opencontainers.image.version="0.1.0" org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.description="A Party branch at work on its members' phones"
ENV PYTHONUNBUFFERED=1
WORKDIR /srv/sanliang
# pg_dump and pg_restore, for copies of the database
RUN if [ -n "$DEBIAN_MIRROR" ]; then sed -i "s|http://deb.debian.org|$DEBIAN_MIRROR|" /etc/apt/sources.list.d/debian.sources; fi \
    && apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
COPY requirements-build.txt requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-build.txt -r requirements.txt
COPY pyproject.toml README.md LICENSE alembic.ini ./
COPY app app
COPY migrations migrations
COPY web/templates web/templates
COPY web/locales web/locales
COPY --from=web /build/web/dist web/dist
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && pybabel --quiet compile --directory web/locales --domain messages \
    && python -m compileall -q app migrations \
    && useradd --system --create-home --home-dir /var/lib/sanliang --uid 10001 sanliang \
    && install -d -o sanliang -g sanliang -m 0700 /var/backups/sanliang
ENV SANLIANG_HOST=0.0.0.0 SANLIANG_PORT=8000 SANLIANG_DATA_DIR=/var/lib/sanliang
USER sanliang
VOLUME /var/lib/sanliang
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/readyz' % os.environ['SANLIANG_PORT'], timeout=4)"]
CMD ["sanliang", "serve"]
