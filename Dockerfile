# The image of every role: a subgraph, the router, a command of scripts/. The role is the program it is given.
# Targets: `role` (the default of docker-compose.yml) and `embedded`, the whole shop in one container.

FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /souk
RUN npm install --global pnpm@12.21.0
# Only what decides the packages: a change of the code leaves this layer as it was.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY schema/package.json schema/
COPY bench/package.json bench/
COPY router/package.json router/
COPY clients/admin/package.json clients/admin/
COPY clients/partner/package.json clients/partner/
COPY subgraphs/kit/package.json subgraphs/kit/
COPY subgraphs/carts/package.json subgraphs/carts/
COPY subgraphs/inventory/package.json subgraphs/inventory/
COPY subgraphs/notifications/package.json subgraphs/notifications/
COPY subgraphs/orders/package.json subgraphs/orders/
COPY subgraphs/payments/package.json subgraphs/payments/
COPY subgraphs/platform/package.json subgraphs/platform/
COPY subgraphs/products/package.json subgraphs/products/
COPY subgraphs/users/package.json subgraphs/users/
RUN pnpm install --prod --frozen-lockfile

FROM node:24.21.0-bookworm-slim AS role
WORKDIR /souk
COPY --from=packages /souk ./
COPY . .
RUN mkdir /data && chown node:node /data
ENV SOUK_DATA_DIR=/data SOUK_HOST=0.0.0.0 SOUK_PORT=4000 NODE_COMPILE_CACHE=/tmp/compiled
USER node
VOLUME /data
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=5 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.SOUK_PORT + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--conditions=source", "--import", "@oxc-node/core/register"]
CMD ["router/src/main.ts"]

FROM role AS embedded
CMD ["scripts/start.ts"]
