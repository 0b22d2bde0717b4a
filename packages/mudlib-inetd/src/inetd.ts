import type {
  Address,
  Driver,
  Listener,
  ListenOptions,
  Offer,
  Owner,
  Socket,
  StreamOffer,
  Transport,
} from '@mudwire/core'
import type { Arrival, Service } from './service.ts'

/** How a service is doing, for people who look after a server. */
export interface ServiceStatus {
  /** The name it was served under. */
  readonly service: string
  readonly transport: string
  readonly state: Listener['state']
  readonly addresses: readonly Address[]
  /** Connections that the service itself holds now; what it has passed on does not count. */
  readonly connections: number
}

/** The daemon that sets connections up and hands each to its service. */
export interface Inetd {
  /**
   * Offers a service over a transport. Resolves with the addresses when it listens.
   *
   * @throws SocketError where it cannot listen: EEADDRINUSE, EEBIND, EESECURITY …
   */
  serve(service: Service, transport: Transport, options?: ListenOptions): Promise<readonly Address[]>
  /** What is served, over which transport, and to how many. */
  readonly services: readonly ServiceStatus[]
  /** Stops listening. Connections that services have stay theirs. */
  close(): void
}

interface Entry {
  readonly service: Service
  readonly owner: Owner<Arrival>
  readonly listener: Listener
}

/** Makes an inetd. It is given its transports, and works the same over every one. */
export function createInetd(driver: Driver): Inetd {
  return new InetdDaemon(driver)
}

class InetdDaemon implements Inetd {
  readonly #driver: Driver
  readonly #self: Owner
  readonly #owners = new Map<Service, Owner<Arrival>>()
  readonly #entries: Entry[] = []

  constructor(driver: Driver) {
    this.#driver = driver
    this.#self = driver.owner('inetd')
  }

  get services(): readonly ServiceStatus[] {
    return this.#entries.map(({ service, owner, listener }) => ({
      service: service.name,
      transport: listener.transport,
      state: listener.state,
      addresses: listener.addresses,
      connections: owner.size,
    }))
  }

  async serve(service: Service, transport: Transport, options?: ListenOptions): Promise<readonly Address[]> {
    const owner = this.#ownerOf(service)
    const accepted = (offer: StreamOffer<undefined>): void => {
      // Without handlers the socket stays unread: every byte is for the service.
      const socket = offer.acquire()
      if (socket) void this.#handOver(socket, service, owner)
    }
    const listener = this.#self.listen(transport, { accepted }, options)
    const addresses = await listener.opened
    this.#entries.push({ service, owner, listener })
    return addresses
  }

  close(): void {
    for (const { listener } of this.#entries) listener.close({ code: 'inetd-closed', wire: 1001 })
  }

  #ownerOf(service: Service): Owner<Arrival> {
    let owner = this.#owners.get(service)
    if (!owner) {
      const made: Owner<Arrival> = this.#driver.owner<Arrival>(service.name, {
        offered: (offer) => offered(service, made, offer),
      })
      owner = made
      this.#owners.set(service, owner)
    }
    return owner
  }

  async #handOver(socket: Socket, service: Service, owner: Owner<Arrival>): Promise<void> {
    const result = await socket.offer(owner.ref, { message: { service: service.name } })
    if (result.acquired || !result.owned) return
    socket.write(`${sorry(service.name, result.reason)}\r\n`)
    socket.close({ code: 'declined', wire: 1013 })
  }
}

function offered(service: Service, owner: Owner<Arrival>, offer: Offer<Arrival>): void | Promise<void> {
  if (offer.kind !== 'stream') return offer.decline('A service takes connections, not listeners.')
  if (owner.size >= (service.limit ?? Number.POSITIVE_INFINITY)) return offer.decline('full')
  return service.connected(offer)
}

/** What the peer is told when nobody took its connection; what a service said for people is passed on. */
function sorry(service: string, reason: string | undefined): string {
  switch (reason) {
    case 'full':
      return `The ${service} service is full right now. Please try again later.`
    case 'deadline':
      return `The ${service} service did not answer in time. Please try again later.`
    case undefined:
    case 'declined':
    case 'not-acquired':
    case 'policy':
    case 'target-destroyed':
    case 'threw':
      return `The ${service} service cannot take your connection. Please try again later.`
    default:
      return reason
  }
}
