# A server of predictions, run by a user of its own:
#   docker build -t auricle .
#   docker run --rm -p 127.0.0.1:8080:8080 -v "$PWD/runs/genres:/model:ro" auricle
# docs/serving.md describes it.

# Built as npm would publish it.
FROM node:24-bookworm-slim AS package
WORKDIR /source
COPY . .
RUN npm ci && mkdir /package && npm pack --pack-destination /package

FROM node:24-bookworm-slim
RUN groupadd --gid 10001 auricle \
  && useradd --uid 10001 --gid auricle --create-home --shell /usr/sbin/nologin auricle
WORKDIR /opt/auricle
COPY --from=package /package/ ./
RUN npm init --yes >/dev/null \
  && npm install --omit=dev --no-audit --no-fund ./auricle-*.tgz \
  && rm auricle-*.tgz \
  && npm cache clean --force
USER 10001:10001
ENV NODE_ENV=production
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node.js is process 1 and takes SIGTERM itself: the last answers are given before the container ends.
ENTRYPOINT ["node", "/opt/auricle/node_modules/auricle/dist/cli/main.js", "serve", "--host", "0.0.0.0", "--json"]
CMD ["model=/model"]
