# Sourced by run and verify: finds the JDK, Maven and Node, or says in one sentence what is missing.

die() {
    echo "$1" >&2
    exit 1
}

is_jdk_25() {
    [[ -x "$1/bin/java" && -x "$1/bin/javac" && -r "$1/release" ]] &&
        grep -qE '^JAVA_VERSION="25([.+-]|")' "$1/release"
}

# Sets JAVA_HOME. Order: JAVA_HOME, the system's JVM directory, SDKMAN, PATH.
require_jdk() {
    local candidate javac=""
    javac=$(command -v javac || true)
    [[ -z "$javac" ]] || javac=$(dirname "$(dirname "$(readlink -f "$javac")")")
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$javac"; do
        if [[ -n "$candidate" ]] && is_jdk_25 "$candidate"; then
            export JAVA_HOME="$candidate"
            return
        fi
    done
    die "JDK 25 is missing: none found by JAVA_HOME, in /usr/lib/jvm, in SDKMAN or on PATH; install one (Temurin 25, say) or set JAVA_HOME."
}

# Sets MVN, and options that keep Maven's own libraries quiet on this JDK and its builds short: most
# of a build's code is too young for the optimising compiler (measured: 13 s of CPU instead of 22 s for a module).
require_maven() {
    local candidate
    for candidate in "$(command -v mvn || true)" "${MAVEN_HOME:-}/bin/mvn" \
        "${SDKMAN_DIR:-$HOME/.sdkman}/candidates/maven/current/bin/mvn"; do
        if [[ -n "$candidate" && -x "$candidate" ]]; then
            MVN="$candidate"
            export MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
            return
        fi
    done
    die "Maven is missing: no mvn on PATH, in MAVEN_HOME or in SDKMAN; install Maven 3.8.1 or newer."
}

require_node() {
    local version=""
    version=$(node --version 2>/dev/null || true)
    [[ "$version" =~ ^v([0-9]+)\. && ${BASH_REMATCH[1]} -ge 20 ]] ||
        die "Node 20 is missing: found ${version:-no node on PATH}; install Node 20 or newer with npm, the tests of GraphQL clients need it."
    command -v npm >/dev/null ||
        die "npm is missing: Node $version is there, npm is not on PATH; install npm, the tests of GraphQL clients need it."
}

DISTRIBUTION=distribution/assembly/target/domain-runtime
BUILT=distribution/assembly/target/built.stamp

# True if the assembled distribution is there and no source is newer than the build that made it.
distribution_is_current() {
    [[ -x "$DISTRIBUTION/bin/domain-runtime" && -e "$BUILT" ]] &&
        [[ -z $(find pom.xml LICENSE NOTICE .mvn api host scheduler-plugins memory-plugins graphql-bundle hardware-bundle distribution \
            \( -name target -o -name node_modules -o -path '*/src/test' -o -path distribution/scripts -o -path distribution/benchmarks -o -path distribution/integration-tests \) -prune \
            -o -type f -newer "$BUILT" -print -quit) ]]
}

# The stamp carries the time at which the build began, so an edit made during it counts as newer.
stamp_distribution() {
    if [[ -x "$DISTRIBUTION/bin/domain-runtime" ]]; then
        touch -d "@$1" "$BUILT"
    fi
}
