import { MessageChannel, type MessagePort, threadId } from 'node:worker_threads'
import type {
  Address,
  CloseReason,
  Link,
  ListenerSink,
  Listening,
  Transport,
  TransportOptions,
} from '@mudwire/core'
import { PortLink } from './port-link.ts'
import type { Call, Message } from './protocol.ts'

/** Where calls come in, or go out. */
export interface PortsOptions {
  /** One end of a channel between two threads: one of them listens at it, the other connects through it. */
  readonly door: MessagePort
}

/** A transport between the threads of a process. */
export function ports({ door }: PortsOptions): Transport & Required<Pick<Transport, 'listen' | 'connect'>> {
  return {
    name: 'ports',
    listen: async (sink, { signal }) => listen(door, sink, signal),
    connect: (options) => connect(door, options),
  }
}

/** The doors at which somebody listens, or has listened: to close a listener closes its door. */
const taken = new WeakSet<MessagePort>()
let doors = 0

function listen(door: MessagePort, sink: ListenerSink, signal: AbortSignal | undefined): Listening {
  signal?.throwIfAborted()
  if (taken.has(door)) {
    throw Object.assign(new Error('Somebody listens at this door already.'), { code: 'EADDRINUSE' })
  }
  taken.add(door)
  const local = addressOf(`door-${++doors}`)
  door.on('message', ({ from, port }: Call) => {
    if (!sink.admit(from)) {
      port.close()
      return
    }
    const opened: Message = { type: 'open', address: local }
    port.postMessage(opened)
    sink.accept(new PortLink(port, local, from))
  })
  let by: CloseReason['by'] = 'remote'
  door.on('close', () => sink.close({ by, kind: 'end', code: 'closed' }))
  return {
    addresses: [local],
    // Links cost nothing before somebody takes them, so they may wait in core.
    pause() {},
    resume() {},
    close() {
      by = 'local'
      door.close()
    },
  }
}

let calls = 0

function connect(door: MessagePort, { signal }: TransportOptions): Promise<Link> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const { port1: near, port2: far } = new MessageChannel()
    const from = addressOf(`call-${++calls}`)
    const settle = (): void => {
      signal?.removeEventListener('abort', abort)
      near.removeAllListeners()
    }
    const abort = (): void => {
      settle()
      near.close()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort)
    near.on('message', (message: Message) => {
      settle()
      // Here and now: what comes behind it must find a listener.
      if (message.type === 'open') resolve(new PortLink(near, from, message.address))
    })
    // What is sent to a door that is closed is lost, and the port in it closes.
    near.on('close', () => {
      settle()
      reject(Object.assign(new Error('Nobody listens at this door.'), { code: 'ECONNREFUSED' }))
    })
    const call: Call = { from, port: far }
    door.postMessage(call, [far])
  })
}

function addressOf(name: string): Address {
  return { family: 'worker', address: `${threadId}/${name}` }
}
