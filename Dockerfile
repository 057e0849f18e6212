# syntax=docker/dockerfile:1
# What docker-compose.yml runs. `server`: the program with its pages; no compiler, no Node and no package of the tools are
# in it. `proxy`: Caddy, started by somebody who is not root.

FROM caddy:2.11.7-alpine AS proxy
# A copy has no right to low ports written to it: with that, it could not be started where nobody may have such rights.
RUN cp /usr/bin/caddy /usr/bin/caddy.plain && mv /usr/bin/caddy.plain /usr/bin/caddy \
    && mkdir /certificates && chown 10002:10002 /certificates
COPY deploy/Caddyfile /etc/caddy/Caddyfile
ENV XDG_DATA_HOME=/certificates XDG_CONFIG_HOME=/tmp
USER 10002:10002
EXPOSE 8080 8443
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]

FROM node:22.21.1-bookworm-slim AS client
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM python:3.13.9-slim-bookworm AS environment
WORKDIR /build
RUN pip install --no-cache-dir uv==0.13.9 && uv venv /opt/rollingtext
COPY pyproject.toml hatch_build.py README.md LICENSE requirements.lock ./
COPY crdt/ crdt/
COPY server/ server/
COPY --from=client /build/server/static/ server/static/
# Of the lock file what the server needs, with its hashes; the tools stay out. Compiled here: where it runs nothing can be
# written, and each start would compile every module again.
RUN uv pip install --no-cache --compile-bytecode --python /opt/rollingtext \
    --constraint requirements.lock --build-constraint requirements.lock .

FROM python:3.13.9-slim-bookworm AS server
# Python's own modules come without what was compiled of them: each health check would compile those that it imports.
RUN python -m compileall -q -x site-packages "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
COPY --from=environment /opt/rollingtext /opt/rollingtext
ENV PATH=/opt/rollingtext/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
RUN mkdir /data && chown 10001:10001 /data
USER 10001:10001
WORKDIR /data
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["rollingtext"]
CMD ["serve"]
