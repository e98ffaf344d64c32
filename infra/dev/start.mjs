/**
 * `npm start`: the whole of Mulin on one machine. Plain Node until the packages are installed; then a
 * small supervisor that owns PostgreSQL, Kafka and the services, and restarts what dies.
 */
import { portOption, readOptions } from './lib/args.mjs';
import { hasKafkaJars } from './lib/kafka-jars.mjs';
import { fail, say, seconds, step, Stop } from './lib/log.mjs';
import { requireMachine } from './lib/machine.mjs';
import { ensureFolder, homeFolder } from './lib/state.mjs';
import { howItStands, readyBlock, runChecks, tellStory } from './lib/story.mjs';
import { createMulin, refuseSecondStart } from './lib/supervisor.mjs';

const USAGE = `npm start -- [options]
  --exit             run the story and the checks, stop everything; 0 when the ledger balances, else 1
  --processes        one process per service from dist, as in production (default: one for all)
  --port N           port of the gateway (4000); the services take the next ones; 0 takes free ones
  --kafka-port N     port of the embedded broker (9092)
  --postgres-port N  port of the embedded PostgreSQL (5433)
  --state DIR        folder of the state (.mulin; also MULIN_HOME)
  --no-story         do not tell the Yanji story
Servers of your own: DATABASE_URL, KAFKA_BROKERS, OIDC_ISSUER.`;

async function main() {
  const began = Date.now();
  const given = readOptions(
    {
      exit: { type: 'boolean' },
      processes: { type: 'boolean' },
      'no-story': { type: 'boolean' },
      state: { type: 'string' },
      port: { type: 'string' },
      'kafka-port': { type: 'string' },
      'postgres-port': { type: 'string' },
    },
    USAGE,
  );
  const options = {
    home: ensureFolder(homeFolder(given.state)),
    processes: given.processes ?? false,
    port: portOption(given.port, 'port', 4000),
    kafkaPort: portOption(given['kafka-port'], 'kafka-port', 9092),
    postgresPort: portOption(given['postgres-port'], 'postgres-port', 5433),
  };
  refuseInProduction();
  refuseSecondStart(options.home);

  say('Mulin 睦邻 starts');
  const jarsThere = hasKafkaJars();
  await step('This machine', () =>
    requireMachine({ broker: !process.env.KAFKA_BROKERS, jarsThere }),
  );
  const mulin = createMulin(options);
  drainOnSignals(mulin);
  try {
    const run = await mulin.start();
    const told = given['no-story'] || (await tellStory(options.home));
    const { balances, lines } = await howItStands(run);
    const well = given.exit ? (await runChecks(options.home)) && told && balances : true;
    say(readyBlock(options.home, run, { took: seconds(Date.now() - began), lines }));
    // With --processes nothing of ours is waited for any more: the supervisor stays for its children.
    if (!given.exit) return void setInterval(() => undefined, 60_000);
    await mulin.stop();
    process.exit(well ? 0 : 1);
  } catch (error) {
    if (draining) return;
    await mulin.stop();
    throw error;
  }
}

let draining = 0;

function refuseInProduction() {
  if (process.env.NODE_ENV !== 'production') return;
  const missing = ['DATABASE_URL', 'KAFKA_BROKERS'].filter((name) => !process.env[name]);
  if (missing.length)
    throw new Stop(
      `NODE_ENV=production: the embedded servers are for development. Set ${missing.join(' and ')}.`,
    );
}

/** The first signal drains in order; another one, a second or more later, ends everything at once. */
function drainOnSignals(mulin) {
  const onSignal = async () => {
    // npm passes on the Ctrl-C that the terminal has sent us already: two at once are one.
    if (draining && Date.now() - draining > 1000) {
      mulin.killAll();
      process.exit(130);
    }
    if (draining) return;
    draining = Date.now();
    say('\nStopping: the gateway, the services, Kafka, PostgreSQL …');
    await mulin.stop();
    say(
      `Stopped in ${seconds(Date.now() - draining)}. Nothing is lost; npm start goes on from here.`,
    );
    process.exit(0);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

main().catch(fail);
