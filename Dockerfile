# One image: the pages' scripts and styles are built first, then the application runs as an ordinary user.
FROM node:22-slim AS web
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY web ./
RUN node build.mjs

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /srv/sanliang
COPY requirements-build.txt requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-build.txt -r requirements.txt
COPY pyproject.toml README.md alembic.ini ./
COPY app app
COPY migrations migrations
COPY web/templates web/templates
COPY web/locales web/locales
COPY --from=web /build/web/dist web/dist
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && pybabel --quiet compile --directory web/locales --domain messages \
    && useradd --system --create-home --home-dir /var/lib/sanliang sanliang
ENV SANLIANG_HOST=0.0.0.0 SANLIANG_DATA_DIR=/var/lib/sanliang
USER sanliang
VOLUME /var/lib/sanliang
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["sanliang", "serve"]
