import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { ignoreError } from '@mudwire/transport-tcp/internal'
import { answer } from './http-answer.ts'
import type { AttachedOptions } from './websocket-options.ts'

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** The paths of one HTTP server that are ours, behind one `upgrade` listener. */
const servers = new WeakMap<AttachedOptions['server'], UpgradePaths>()

/** Takes a path of a server. Throws an EADDRINUSE error where it is taken already; the result gives it back. */
export function takePath(server: AttachedOptions['server'], path: string, upgrade: Upgrade): () => void {
  let paths = servers.get(server)
  if (!paths) {
    paths = new UpgradePaths(server)
    servers.set(server, paths)
  }
  return paths.take(path, upgrade)
}

class UpgradePaths {
  readonly #server: AttachedOptions['server']
  readonly #upgrades = new Map<string, Upgrade>()

  constructor(server: AttachedOptions['server']) {
    this.#server = server
  }

  take(path: string, upgrade: Upgrade): () => void {
    if (this.#upgrades.has(path)) {
      const error = new Error(`Somebody takes WebSocket connections at ${path} of this server already.`)
      throw Object.assign(error, { code: 'EADDRINUSE' })
    }
    if (this.#upgrades.size === 0) this.#server.on('upgrade', this.#onUpgrade)
    this.#upgrades.set(path, upgrade)
    return () => {
      if (this.#upgrades.get(path) !== upgrade) return
      this.#upgrades.delete(path)
      if (this.#upgrades.size === 0) this.#server.off('upgrade', this.#onUpgrade)
    }
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const upgrade = this.#upgrades.get(pathOf(request))
    socket.on('error', ignoreError)
    if (upgrade) upgrade(request, socket, head)
    else if (this.#server.listenerCount('upgrade') === 1) answer(socket, 404, 'Nothing is upgraded here.')
    // Somebody else listens for upgrades as well: the request may be theirs.
  }
}

/** The path of a request without its query; what cannot be read is nobody's path. */
export function pathOf(request: IncomingMessage): string {
  const { url = '' } = request
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}
