/** The broker's jars: fetched by Maven once, and the Java command that runs them quickly. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Stop } from './log.mjs';
import { isAlive, run } from './process.mjs';
import { ensureFolder, hashOf, readJson, ROOT, sharedFolder, writeJson } from './state.mjs';

const POM = join(ROOT, 'infra/kafka/pom.xml');

const sharedJars = () => join(sharedFolder(), 'kafka/jars');

/** Whether the jars that pom.xml names are there: then a start needs no Maven. */
export const hasKafkaJars = (folder = sharedJars()) =>
  readJson(join(folder, 'pom.sha256.json'))?.pom === hashOf(POM);

/** The folder with the broker's jars; Maven is asked once for each content of pom.xml. */
export async function ensureKafkaJars({ folder = sharedJars(), onFetch = () => {} } = {}) {
  const wanted = hashOf(POM);
  if (hasKafkaJars(folder)) return folder;
  onFetch();
  const fresh = `${folder}.${process.pid}`;
  removeUnfinished(folder);
  ensureFolder(fresh);
  const { code, output } = await run('mvn', [
    '-q',
    '-B',
    '-f',
    POM,
    'dependency:copy-dependencies',
    `-DoutputDirectory=${fresh}`,
  ]);
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Stop(
      `Maven could not fetch Apache Kafka (infra/kafka/pom.xml). Set KAFKA_BROKERS to use a broker of yours.\n${output.trim()}`,
    );
  }
  writeJson(join(fresh, 'pom.sha256.json'), { pom: wanted }, { mode: 0o644 });
  // Another start may have been quicker: what it brought is as good as ours.
  if (!hasKafkaJars(folder)) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  }
  rmSync(fresh, { recursive: true, force: true });
  return folder;
}

/** What interrupted fetches left beside the folder; their pid is the end of their name. */
function removeUnfinished(folder) {
  const parent = ensureFolder(dirname(folder));
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(`${basename(folder)}.`) ? Number(name.split('.').at(-1)) : NaN;
    if (Number.isInteger(pid) && (pid === process.pid || !isAlive(pid)))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/**
 * A supervisor that was killed did not keep what its broker wrote when it ended later. Java writes the head of
 * an archive last: half of one has none, and is ignored.
 */
function adoptArchive(archive) {
  for (const name of readdirSync(dirname(archive))) {
    const pid = name.startsWith(`${basename(archive)}.`) ? Number(name.split('.').at(-1)) : NaN;
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const left = join(dirname(archive), name);
    if (existsSync(archive)) rmSync(left, { force: true });
    else renameSync(left, archive);
  }
}

/**
 * How the broker's Java is called. Loading its 6,000 classes is most of a start; Java can write them
 * into an archive when it ends (class data sharing). Java itself ignores an archive that does not fit.
 */
export function brokerJava(jarsFolder) {
  const archive = join(jarsFolder, 'classes.jsa');
  const fresh = `${archive}.${process.pid}`;
  adoptArchive(archive);
  const classpath = readdirSync(jarsFolder)
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(jarsFolder, name))
    .join(':');
  return {
    flags: [
      '-XX:+UseSerialGC',
      '-Xlog:cds=off',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      '-cp',
      classpath,
    ],
    archive: (remember) => {
      if (existsSync(archive)) return [`-XX:SharedArchiveFile=${archive}`];
      return remember ? [`-XX:ArchiveClassesAtExit=${fresh}`] : [];
    },
    keepArchive: () => {
      if (existsSync(fresh)) renameSync(fresh, archive);
    },
  };
}
