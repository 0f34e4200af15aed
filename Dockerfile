# Served mode. Build: docker build -t lorgnette . ; run: see compose.yaml.
FROM python:3.11-slim AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir -r requirements.txt
COPY . .
# Nothing is connected to while static files are prepared.
RUN DATABASE_URL=postgres://x@localhost/x REDIS_URL=redis://localhost SECRET_KEY=build \
    STRIPE_SECRET_KEY=x STRIPE_PUBLISHABLE_KEY=x STRIPE_WEBHOOK_SECRET=x \
    /venv/bin/python manage.py collectstatic --no-input

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 lorgnette && mkdir -p /srv/media && chown lorgnette /srv/media
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER lorgnette
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 MEDIA_ROOT=/srv/media
EXPOSE 8000
# The web server's; compose.yaml gives worker and beat theirs.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "config.wsgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws"]
