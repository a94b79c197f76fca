# The web process by default; worker, dispatcher and beat are the same image with another command:
#   celery -A config worker | python manage.py dispatch_hints | celery -A config beat --schedule /tmp/beat-schedule
# Needs DATABASE_URL, DATABASE_OWNER_URL (for `python manage.py migrate --database owner` only), BROKER_URL, SECRET_KEY,
# CLAIM_KEY_SECRET and ALLOWED_HOSTS. Run with --init.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY manage.py ./
COPY config config
COPY services services
COPY accounts accounts
COPY claims claims
ENV COLLECTED_STATIC=1 HTTPS=1 MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=262144
RUN SECRET_KEY=unused-while-building CLAIM_KEY_SECRET=unused-while-building python manage.py collectstatic --noinput
USER 65534:65534
EXPOSE 8000
CMD ["gunicorn", "--config", "python:config.web_process", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm"]
