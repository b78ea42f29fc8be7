# The bot alone: it wants a PostgreSQL (DATABASE_URL) and the settings of .env.example.
FROM node:26-slim

WORKDIR /accord
ENV NODE_ENV=production
COPY package.json package-lock.json ./
# The platform packages bring a Node and a PostgreSQL for machines that have none; here both are there.
RUN npm ci --omit=dev --omit=optional && npm cache clean --force
COPY node-version.js manifest.yml tsconfig.json ./
COPY migrations migrations
COPY src src

# Holds nothing but the key file, where ACCORD_SEAL_KEY is not set.
RUN install -d -o node -g node /data
ENV ACCORD_DATA=/data PORT=3000
VOLUME /data
USER node
EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# Node itself is the process that a stop signal reaches.
CMD ["node", "--import", "./node-version.js", "--disable-warning=ExperimentalWarning", "src/main.ts"]
