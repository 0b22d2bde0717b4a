import type {
  DatagramHandlers,
  DatagramLink,
  DatagramOffer,
  DatagramSocket,
  OfferResult,
  Owner,
  Transport,
} from '../../src/index.ts'
import type { MemoryDatagramPeer } from '../../src/memory/index.ts'
import { type Bench, settle, setUp } from './setup.ts'
import type { State } from './state-table.ts'

/** Writes down what an owner is told of a datagram socket, as `owner: x`. */
export function datagramHandlersOf(log: string[], who: string): DatagramHandlers {
  return {
    datagram: (bytes) => log.push(`${who}: ${Buffer.from(bytes).toString()}`),
    close: ({ by, kind, code }) => log.push(`${who}: close ${by} ${kind} ${code}`),
  }
}

/** A bound socket, and somebody who sends to it. */
export interface Bound {
  readonly socket: DatagramSocket
  readonly peer: MemoryDatagramPeer
  /** Sends one datagram to the socket, as an event of the network. */
  send(data: string | Uint8Array): void
}

export async function bound(
  bench: Bench,
  owner: Owner,
  ...answer: [handlers?: DatagramHandlers, options?: { readonly queueLimit?: number; heldLimit?: number }]
): Promise<Bound> {
  const socket = owner.bind(bench.network, ...answer)
  const address = await socket.opened
  const peer = bench.network.datagramPeer()
  return { socket, peer, send: (data) => peer.send(data, address) }
}

/** One datagram socket in one of the states of the table, with everybody who may do something to it. */
export interface DatagramScene {
  readonly bench: Bench
  readonly owner: Owner
  readonly target: Owner
  readonly other: Owner
  readonly socket: DatagramSocket
  readonly peer: MemoryDatagramPeer
  /** Lets the attempt to bind succeed. */
  readonly bind: (link?: DatagramLink) => void
  /** Lets it fail. */
  readonly refuse: (error: Error) => void
  /** The last offer that the target was shown. */
  offer: DatagramOffer | undefined
  result: Promise<OfferResult> | undefined
  readonly log: string[]
  /** Ends the target's promise. */
  release: () => void
}

/** Sends to the socket of a scene, which must be bound. */
export function sendTo({ peer, socket }: DatagramScene, data: string): void {
  if (!socket.local) throw new Error('The socket is not bound yet.')
  peer.send(data, socket.local)
}

/** A socket that is being bound; the target holds every offer open until it is told to stop. */
export function binding(): DatagramScene {
  const bench = setUp()
  const log: string[] = []
  let finish = (): void => {}
  const scene: Partial<DatagramScene> & { log: string[] } = { bench, log }
  const target = bench.driver.owner('target', {
    offered(offer) {
      if (offer.kind === 'datagram') scene.offer = offer
      return new Promise<void>((resolve) => {
        finish = resolve
      })
    },
  })
  let attempt:
    | { resolve(link: DatagramLink | Promise<DatagramLink>): void; reject(error: Error): void }
    | undefined
  const transport: Transport = {
    name: 'memory',
    bind: () =>
      new Promise((resolve, reject) => {
        attempt = { resolve, reject }
      }),
  }
  const owner = bench.driver.owner('owner')
  return Object.assign(scene, {
    owner,
    target,
    other: bench.driver.owner('other'),
    socket: owner.bind(transport, datagramHandlersOf(log, 'owner'), { queueLimit: 3 }),
    peer: bench.network.datagramPeer(),
    bind: (link?: DatagramLink) => attempt?.resolve(link ?? bench.network.bind({})),
    refuse: (error: Error) => attempt?.reject(error),
    release: () => finish(),
  }) as DatagramScene
}

async function open(): Promise<DatagramScene> {
  const scene = binding()
  scene.bind()
  await scene.socket.opened
  return scene
}

export async function onOffer(): Promise<DatagramScene> {
  const scene = await open()
  scene.result = scene.socket.offer(scene.target.ref)
  return scene
}

async function closing(): Promise<DatagramScene> {
  const scene = await onOffer()
  scene.socket.close()
  return scene
}

async function closed(): Promise<DatagramScene> {
  const scene = await closing()
  await settle(scene.bench)
  scene.log.length = 0
  return scene
}

/** Brings a datagram socket into each state of the table. */
export const MAKE_DATAGRAMS: Readonly<Record<State, () => DatagramScene | Promise<DatagramScene>>> = {
  connecting: binding,
  open,
  'on offer': onOffer,
  closing,
  closed,
}
