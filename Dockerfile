# One Sandbank in a container. It binds loopback only, as everywhere: docker-compose.yml shows how clients come to it.
FROM node:24-bookworm-slim AS build
WORKDIR /sandbank
COPY package.json package-lock.json ./
COPY scripts ./scripts
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/build.mjs && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /sandbank
COPY --from=build /sandbank/package.json ./
COPY --from=build /sandbank/node_modules ./node_modules
COPY --from=build /sandbank/dist ./dist
COPY --from=build /sandbank/openapi ./openapi
COPY --from=build /sandbank/fixtures ./fixtures
COPY --from=build /sandbank/scripts/sandbank.cjs ./scripts/sandbank.cjs
RUN install --directory --owner=node --group=node --mode=0700 /data
USER node
VOLUME /data
# The home page of this very process, wherever it listens.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "const { httpOrigin } = JSON.parse(require('fs').readFileSync('/data/ready.json')); fetch(httpOrigin).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "scripts/sandbank.cjs"]
CMD ["start", "--data-dir", "/data"]
