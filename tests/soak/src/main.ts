// `npx pnpm@12 soak [--seconds N] [--connections N] [--seed N]`
import { parseArgs } from 'node:util'
import { Peers } from './peers.ts'
import { type Progress, playRound, type Round } from './soak.ts'

const USAGE = `npx pnpm@12 soak [--seconds N] [--connections N] [--seed N]
  --seconds N      how long, after a warm-up of a fifth of it (default 60)
  --connections N  how many at a time (default 2,000; each takes a descriptor in either of two processes)
  --seed N         what chance is made of; the same seed gives the same deeds, as far as the network allows`

/** Beyond what there was after the warm-up; the engine's own tables grow a little with what has been run. */
const MARGIN = { share: 0.1, bytes: 2 * 2 ** 20 }
const SHOWN = 20
let failures = 0

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    help: { type: 'boolean', default: false },
  },
})
const [seconds, connections, seed] = [Number(values.seconds), Number(values.connections), Number(values.seed)]
if (values.help || !(seconds > 0) || !(connections >= 1) || !Number.isInteger(seed)) {
  say(USAGE)
  process.exit(values.help ? 0 : 1)
}

say(`seed ${seed}, ${seconds} s, ${number(connections)} connections at a time`)
const started = performance.now()
// Node opens it when it is asked for first, which must not look like something that is left.
void process.stderr
const peers = new Peers()
await peers.ready
const warmUp = await playRound(
  peers,
  { seconds: Math.min(30, seconds / 5), connections, seed: seed + 1 },
  { progress, failed },
)
say(`${elapsed()}  warmed up: ${mebibytes(warmUp.holdings.heap)} of heap when all is closed`)
const round = await playRound(peers, { seconds, connections, seed }, { progress, failed })
peers.stop()

const most = warmUp.holdings.heap * (1 + MARGIN.share) + MARGIN.bytes
if (round.holdings.heap > most) failed(`memory: ${memory()}`)
say(`\n${summary(round)}`)
say(
  failures === 0
    ? 'Every byte is accounted for, and nothing is left.'
    : `seed ${seed}: ${failures} failures${failures > SHOWN ? `, of which ${SHOWN} are shown` : ''}`,
)
process.exitCode = failures === 0 ? 0 : 1

function failed(what: string): void {
  failures += 1
  if (failures <= SHOWN) say(`FAILED  ${what}`)
}

function progress({ town, ledger }: Progress): void {
  const { acquired, declined, destroyed } = town.counts
  const parts = [
    `${number(town.open)} open`,
    `${number(ledger.settled)} over`,
    `${number(acquired)} acquired`,
    `${number(declined)} declined`,
    `${number(destroyed)} owners destroyed`,
    `${mebibytes(ledger.read)} in, ${mebibytes(ledger.written)} out`,
    `heap ${mebibytes(process.memoryUsage().heapUsed)}`,
  ]
  say(`${elapsed()}  ${parts.join(' · ')}`)
}

function summary({ town, ledger, unopened, holdings }: Round): string {
  const { accepted, acquired, declined, destroyed } = town.counts
  const endings = [...ledger.endings].sort().map(([how, count]) => `${number(count)} ${how}`)
  return [
    `connections  ${number(accepted)}, by how they ended: ${endings.join(', ')}`,
    `             beside them ${number(unopened)} that never came to be`,
    `hand-overs   ${number(acquired)} acquired, ${number(declined)} came to nothing; ${number(destroyed)} owners destroyed`,
    `bytes        ${number(ledger.read)} read, ${number(ledger.written)} written`,
    `left         ${holdings.descriptors ?? 'unknown'} descriptors, ${JSON.stringify(holdings.resources)}`,
    `memory       ${memory()}`,
  ].join('\n')
}

function memory(): string {
  return `${mebibytes(round.holdings.heap)} of heap, ${mebibytes(warmUp.holdings.heap)} after the warm-up (at most ${mebibytes(most)})`
}

function elapsed(): string {
  return `${Math.round((performance.now() - started) / 1_000)} s`.padStart(6)
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}

function number(count: number): string {
  return count.toLocaleString('en')
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
