/** What a machine must have. Each finding is one line that says what is missing and how to get it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Stop } from './log.mjs';

const NODE_FLOOR = [20, 19];
const JAVA_FLOOR = 17;

export const javaCommand = () => {
  const fromHome = process.env.JAVA_HOME && join(process.env.JAVA_HOME, 'bin/java');
  return fromHome && existsSync(fromHome) ? fromHome : 'java';
};

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const enough = major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1]);
  return {
    ok: enough,
    found: `Node.js ${version}`,
    remedy: `Node.js ${version} is too old: install Node.js ${NODE_FLOOR.join('.')} or newer (https://nodejs.org).`,
  };
}

export function checkJava() {
  const { status, stderr } = spawnSync(javaCommand(), ['-version'], { encoding: 'utf8' });
  const version = /version "(\d+)(?:\.(\d+))?/.exec(stderr ?? '');
  const major = version ? Number(version[1] === '1' ? version[2] : version[1]) : 0;
  const how = `install JDK ${JAVA_FLOOR} or newer (Debian: apt install openjdk-${JAVA_FLOOR}-jdk-headless), or set KAFKA_BROKERS to a broker of yours.`;
  return {
    ok: status === 0 && major >= JAVA_FLOOR,
    found: `Java ${major}`,
    remedy:
      status === 0
        ? `Java ${major} is too old for Apache Kafka 4: ${how}`
        : `Java is missing (Apache Kafka runs on it): ${how}`,
  };
}

export function checkMaven() {
  const { status, stdout } = spawnSync('mvn', ['-v'], { encoding: 'utf8' });
  return {
    ok: status === 0,
    found: /Apache Maven ([\d.]+)/.exec(stdout ?? '')?.[0] ?? 'Maven',
    remedy:
      'Maven is missing (it brings Apache Kafka): install it (Debian: apt install maven), or set KAFKA_BROKERS to a broker of yours.',
  };
}

/** Stops with everything that is missing at once, so that nobody installs one thing at a time. */
export function requireMachine({ broker = true, jarsThere = false } = {}) {
  const checks = [
    checkNode(),
    ...(broker ? [checkJava()] : []),
    ...(broker && !jarsThere ? [checkMaven()] : []),
  ];
  const missing = checks.filter((check) => !check.ok);
  if (missing.length) throw new Stop(missing.map((check) => check.remedy).join('\n  '));
  return checks.map((check) => check.found.replace('Apache ', '')).join(' · ');
}
