# One image for every process of the service; compose.yaml says which command each of them runs.
# Written for engine 20.10 and later: no here-documents, no COPY --link, no "syntax" line.
ARG PYTHON_IMAGE=python:3.13-slim-trixie

FROM ${PYTHON_IMAGE} AS packages
COPY requirements/base.txt /tmp/base.txt
# pip stays outside the environment: the service never installs anything. The test suites of the large
# packages are a tenth of the image and are never imported.
RUN --mount=type=cache,target=/root/.cache/pip \
    python3 -m venv --without-pip /opt/venv \
 && python3 -m pip --python /opt/venv/bin/python --disable-pip-version-check install \
      --root-user-action=ignore --require-hashes --only-binary=:all: --no-deps --requirement /tmp/base.txt \
 && find /opt/venv/lib/python3*/site-packages/matplotlib /opt/venv/lib/python3*/site-packages/numpy \
      /opt/venv/lib/python3*/site-packages/pandas /opt/venv/lib/python3*/site-packages/scipy \
      -type d -name tests -prune -exec rm -rf {} +

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title=Longhaul
# A fixed number, so that the owner of a volume or of a mounted folder can be set from outside.
RUN groupadd --gid 10001 longhaul \
 && useradd --uid 10001 --gid longhaul --no-create-home --home-dir /srv --shell /usr/sbin/nologin longhaul \
 && install -d -o longhaul -g longhaul /data
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv
COPY celeryconfig.py ./
COPY jobs jobs
COPY api api
# PYTHONPATH: workers run the celery command, which does not look into the working directory early enough.
# MPLCONFIGDIR: matplotlib's font list; at run time only /data and /tmp can be written.
# LONGHAUL_HOST: inside a container; which address of the machine is open, the port mapping says.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/srv \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    LONGHAUL_DATA=/data \
    LONGHAUL_HOST=0.0.0.0
# Compiled now, because the root file system cannot be written later.
RUN python -m compileall -q /srv
USER longhaul
EXPOSE 5000
CMD ["python", "-m", "api.serve"]
