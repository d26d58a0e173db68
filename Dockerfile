# AgentHost as a container: the same host, its PostgreSQL included, run by an unprivileged user.
#   docker build -t agenthost .
#   docker run -i --rm -v "$PWD:/workspace" -v agenthost-store:/var/lib/agenthost/store agenthost

FROM debian:trixie-slim AS postgres
COPY eng/install-postgres eng/debian-packages /src/eng/
RUN AGENTHOST_HOME=/var/lib/agenthost /src/eng/install-postgres

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
COPY . /src
RUN dotnet publish /src/src/AgentHost -c Release -o /opt/agenthost

FROM mcr.microsoft.com/dotnet/runtime:10.0 AS runtime

FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3t64 libstdc++6 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /var/lib/agenthost --no-create-home agenthost \
    && install -d -o agenthost -g agenthost /var/lib/agenthost /var/lib/agenthost/store /workspace
COPY --from=runtime /usr/share/dotnet /usr/share/dotnet
COPY --from=postgres --chown=agenthost:agenthost /var/lib/agenthost/postgresql-17 /var/lib/agenthost/postgresql-17
COPY --from=build /opt/agenthost /opt/agenthost
ENV AGENTHOST_HOME=/var/lib/agenthost DOTNET_ROOT=/usr/share/dotnet PATH=/opt/agenthost:$PATH
USER agenthost
WORKDIR /workspace
VOLUME /var/lib/agenthost/store
ENTRYPOINT ["agenthost"]
CMD ["serve"]
