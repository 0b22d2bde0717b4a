import { Ledger } from './ledger.ts'
import { type Holdings, leftBehind, takeStock } from './left-behind.ts'
import type { Peers } from './peers.ts'
import { Random } from './random.ts'
import { Town } from './town.ts'

export interface SoakOptions {
  readonly seconds: number
  /** So many at a time. */
  readonly connections: number
  readonly seed: number
}

/** How it stands. */
export interface Progress {
  readonly town: Town
  readonly ledger: Ledger
}

/** What one round came to. */
export interface Round extends Progress {
  readonly unopened: number
  /** What was left when everything was closed. */
  readonly holdings: Holdings
}

/** Who hears how a round goes. */
export interface Listening {
  /** Every few seconds. */
  progress(progress: Progress): void
  /** Something went wrong, in words. */
  failed(what: string): void
}

/** All peers should have come to their ends by then, and so should every connection. */
const FINISH_MS = 60_000
/** One round: listeners, owners and peers come, live for so many seconds, and go. */
export async function playRound(
  peers: Peers,
  options: SoakOptions,
  { progress, failed }: Listening,
): Promise<Round> {
  const random = new Random(options.seed)
  const ledger = new Ledger(failed)
  const before = await takeStock()
  const town = new Town(random, ledger)
  const ports = await town.listen()
  const { connections } = options
  peers.start({ do: 'start', seed: random.between(0, 2 ** 32 - 1), ports, connections }, ledger)

  const report = setInterval(() => progress({ town, ledger }), 5_000)
  await new Promise((resolve) => setTimeout(resolve, options.seconds * 1_000))
  clearInterval(report)

  town.settle()
  const unopened = await within(FINISH_MS, peers.finish())
  if (unopened === undefined) failed(`peers still wait for their ends after ${FINISH_MS} ms`)
  if (
    (await within(
      FINISH_MS,
      town.close().then(() => true),
    )) === undefined
  ) {
    failed(`the driver still waits for its end after ${FINISH_MS} ms, ${town.open} are open`)
  }
  ledger.close(unopened ?? 0)
  for (const surprise of town.surprises) failed(surprise)
  const holdings = await takeStock()
  for (const what of leftBehind(before, holdings)) failed(`left behind: ${what}`)
  const kept = town.gone.filter((resident) => resident.deref() !== undefined).length
  if (kept > 0) failed(`left behind: ${kept} owners of ${town.born}`)
  return { town, ledger, unopened: unopened ?? 0, holdings }
}

async function within<Result>(ms: number, result: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([result, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
