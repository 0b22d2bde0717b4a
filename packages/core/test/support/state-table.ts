import { describe, expect, it } from 'vitest'
import type {
  DatagramOffer,
  DatagramSocket,
  ErrorCode,
  OfferResult,
  Owner,
  Socket,
  SocketHandlers,
  StreamOffer,
} from '../../src/index.ts'
import type { MemoryPeer } from '../../src/memory/index.ts'
import { type Bench, settle, setUp } from './setup.ts'

/*
 * DESIGN's state table: life × offer in the columns, what happens in the rows. The types make sure that no cell is left
 * out; one that cannot be reached says why instead.
 */

const STATES = ['connecting', 'open', 'on offer', 'closing', 'closed'] as const
export type State = (typeof STATES)[number]

/** One socket in one of the states, with everybody who may do something to it. */
export interface Scene {
  readonly bench: Bench
  readonly owner: Owner
  readonly target: Owner
  readonly other: Owner
  readonly socket: Socket
  /** The far end; answering is what makes a connecting socket open. */
  peer: MemoryPeer
  /** The last offer that the target was shown. */
  offer: StreamOffer | undefined
  result: Promise<OfferResult> | undefined
  /** Everything that a handler was told, as `owner: line x`. */
  readonly log: string[]
  /** Ends the target's promise. */
  release: () => void
}

export function handlersOf(log: string[], who: string): SocketHandlers {
  return {
    line: (text) => log.push(`${who}: line ${text}`),
    drain: () => log.push(`${who}: drain`),
    close: (reason) => log.push(`${who}: close ${reason.by} ${reason.kind} ${reason.code}`),
  }
}

/** A scene of something that is on offer, or was. */
interface Offered {
  readonly other: Owner
  readonly offer: StreamOffer | DatagramOffer | undefined
}

/** Both forms of the offer are refused alike, and the target is shown nothing. */
export async function refusesOffers(
  scene: Offered & { readonly socket: Socket | DatagramSocket; readonly target: Owner },
  expected: object,
): Promise<void> {
  const { offer, socket, target } = scene
  expect(socket.release(target.ref)).toMatchObject(expected)
  expect(await socket.offer(target.ref)).toMatchObject(expected)
  expect(scene.offer).toBe(offer)
}

/** The target's acquire comes to nothing, and the offer says why. */
export function refusesTarget({ offer }: Offered, code: ErrorCode): void {
  expect(offer?.acquire()).toBeUndefined()
  expect(offer?.refused).toBe(code)
}

/** Somebody else's does. */
export function refusesAnother({ offer, other }: Offered, code: ErrorCode): void {
  expect(other.acquire(offer as StreamOffer | DatagramOffer)).toBeUndefined()
  expect(offer?.refused).toBe(code)
}

/** A socket that is connecting; the target holds every offer open until it is told to stop. */
export function connecting(): Scene {
  const bench = setUp({ stickySignals: [] })
  const log: string[] = []
  let finish = (): void => {}
  const scene: Partial<Scene> & { log: string[] } = { bench, log }
  const target = bench.driver.owner('target', {
    offered(offer) {
      if (offer.kind === 'stream') scene.offer = offer
      return new Promise<void>((resolve) => {
        finish = resolve
      })
    },
  })
  const owner = bench.driver.owner('owner')
  const socket = owner.connect(bench.network, handlersOf(log, 'owner'), { softLimit: 100, hardLimit: 1_000 })
  return Object.assign(scene, {
    owner,
    target,
    other: bench.driver.owner('other'),
    socket,
    release: () => finish(),
  }) as Scene
}

export async function open(): Promise<Scene> {
  const scene = connecting()
  await settle(scene.bench)
  scene.peer = scene.bench.network.answer()
  await settle(scene.bench)
  return scene
}

export async function onOffer(): Promise<Scene> {
  const scene = await open()
  scene.result = scene.socket.offer(scene.target.ref)
  return scene
}

async function closing(): Promise<Scene> {
  const scene = await onOffer()
  scene.peer.stall()
  scene.socket.write('farewell')
  scene.socket.close()
  await settle(scene.bench)
  expect(scene.socket.state).toBe('closing')
  return scene
}

async function closed(): Promise<Scene> {
  const scene = await onOffer()
  scene.socket.abort()
  await settle(scene.bench)
  expect(scene.socket.state).toBe('closed')
  scene.log.length = 0
  return scene
}

const MAKE: Record<State, () => Scene | Promise<Scene>> = {
  connecting: async () => {
    const scene = connecting()
    await settle(scene.bench)
    return scene
  },
  open,
  'on offer': onOffer,
  closing,
  closed,
}

/** Why a cell of the table cannot be. */
interface Unreachable {
  readonly unreachable: string
}
export const unreachable = (why: string): Unreachable => ({ unreachable: why })

/** Rows with a cell for each state: what happens there, or why that cannot be. */
type Table<AnyScene> = Readonly<
  Record<string, Readonly<Record<State, ((scene: AnyScene) => void | Promise<void>) | Unreachable>>>
>

/** What the loser of an offer is told, when it is not the owner any more. */
export const gone = { acquired: false, code: 'EEBADF', owned: false } as const

/** Runs every cell of these rows in its state. */
export function playTable(table: Table<Scene>): void {
  playTableOf(MAKE, table)
}

/** The same for another kind of socket, which `make` brings into each of the states. */
export function playTableOf<AnyScene extends { readonly bench: Bench }>(
  make: Readonly<Record<State, () => AnyScene | Promise<AnyScene>>>,
  table: Table<AnyScene>,
): void {
  describe.each(Object.entries(table))('%s', (_event, row) => {
    it.each(STATES.filter((state) => typeof row[state] === 'function'))(
      'when the socket is %s',
      async (state) => {
        const cell = row[state]
        if (typeof cell !== 'function') return
        const scene = await make[state]()
        await cell(scene)
        expect(scene.bench.errors.filter(({ handler }) => handler !== 'offered')).toEqual([])
      },
    )

    it('leaves out only what cannot be', () => {
      const left = STATES.map((state) => row[state]).filter((cell) => typeof cell !== 'function')
      for (const cell of left) expect((cell as Unreachable).unreachable.length).toBeGreaterThan(10)
    })
  })
}
