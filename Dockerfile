# Anagnorisis in a container: the browser's libraries, then Python's, then the application under a user without rights.
FROM node:22-bookworm-slim AS vendor
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund \
 && mkdir vendor \
 && cp node_modules/@hotwired/stimulus/dist/stimulus.js node_modules/@hotwired/turbo/dist/turbo.es2017-esm.js \
       node_modules/bulma/css/bulma.min.css node_modules/socket.io-client/dist/socket.io.esm.min.js \
       node_modules/chart.js/dist/chart.umd.js node_modules/photoswipe/dist/photoswipe.esm.min.js \
       node_modules/photoswipe/dist/photoswipe.css vendor/

FROM python:3.11-slim-bookworm
ENV PYTHONUTF8=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    FLASK_APP=flaskr ANAGNORISIS_MAIN__HOST=0.0.0.0 ANAGNORISIS_CONFIG=/app/instances/container.yaml
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu -r requirements.txt
COPY flaskr flaskr
COPY modules modules
COPY migrations migrations
COPY templates templates
COPY static static
COPY wiki wiki
COPY instances/container.yaml instances/container.yaml
COPY --from=vendor /build/vendor static/vendor
RUN python -m compileall -q flaskr modules \
 && useradd --uid 1000 --no-create-home anagnorisis \
 && mkdir -p /mnt/project_config /mnt/media/music \
 && chown 1000:1000 /mnt/project_config
USER anagnorisis
EXPOSE 5001
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('ANAGNORISIS_MAIN__PORT', '5001') + '/health', timeout=4)"]
CMD ["python", "-m", "flask", "serve"]
