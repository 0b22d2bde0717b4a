import type { Address, Link, Listening, TransportOptions } from '@mudwire/core'
import { CheckedLink } from './checked-link.ts'
import type { Capabilities, Fixture, LinkConformanceOptions, RawPeer } from './fixture.ts'
import { Reception } from './reception.ts'
import { PATIENCE_MS, type Rule, Skipped } from './rule.ts'
import { turn, Waiting } from './waiting.ts'

/** So many round trips over another connection: what has not happened by then does not happen. */
const ROUND_TRIPS = 40

/** A link, and the client at its other end. */
export interface Pair {
  readonly link: CheckedLink
  readonly peer: RawPeer
}

/** A listener that listens. */
export interface Stage {
  readonly reception: Reception
  readonly listening: Listening
  readonly address: Address
}

/** A rule about links. */
export type LinkRule = Rule<Scene, Capabilities>

/** What a rule plays in: a listener, and pairs of a link and a client. It is taken down whatever happens. */
export class Scene {
  readonly fixture: Fixture
  readonly capabilities: Capabilities
  readonly #waiting: Waiting
  readonly #receptions: Reception[] = []
  readonly #listenings: Listening[] = []
  readonly #links: CheckedLink[] = []
  readonly #peers: RawPeer[] = []
  #stage: Promise<Stage> | undefined
  #witness: Pair | undefined

  constructor(fixture: Fixture, { capabilities, patienceMs = PATIENCE_MS }: LinkConformanceOptions) {
    this.fixture = fixture
    this.capabilities = capabilities
    this.#waiting = new Waiting(patienceMs)
  }

  get breaches(): readonly string[] {
    const all = [...this.#receptions, ...this.#links].flatMap(({ breaches }) => breaches)
    return [...new Set(all)]
  }

  /** The longest chunk that the rules send at once, in bytes. */
  get longest(): number {
    return Math.min(this.capabilities.longestMessage ?? 64 * 1024, 64 * 1024)
  }

  /** Listens, once. */
  listen(signal?: AbortSignal): Promise<Stage> {
    this.#stage ??= this.#listen(signal)
    return this.#stage
  }

  async #listen(signal: AbortSignal | undefined): Promise<Stage> {
    const { transport } = this.fixture
    if (!transport.listen) throw new Error(`The fixture's transport '${transport.name}' does not listen.`)
    const reception = this.reception()
    const listening = await transport.listen(reception, signal ? { signal } : {})
    this.#listenings.push(listening)
    const [address] = listening.addresses
    if (!address) throw new Error('A listener says where it listens.')
    return { reception, listening, address }
  }

  reception(): Reception {
    const reception = new Reception(this.#waiting.changed)
    this.#receptions.push(reception)
    return reception
  }

  /** A client connects; its link is not attached yet. */
  async pair(): Promise<Pair> {
    const peer = await this.dial()
    return { peer, link: await this.arrival() }
  }

  async dial(): Promise<RawPeer> {
    const { address } = await this.listen()
    const peer = await this.fixture.dial(address)
    peer.onChange = this.#waiting.changed
    this.#peers.push(peer)
    return peer
  }

  /** The next link that the listener gives. */
  async arrival(): Promise<CheckedLink> {
    const { reception } = await this.listen()
    await this.until('a link', () => reception.links.length > 0)
    // It is there: that was waited for.
    return this.check(reception.links.shift() as Link)
  }

  check(link: Link): CheckedLink {
    const checked = new CheckedLink(link, this.#waiting.changed)
    this.#links.push(checked)
    return checked
  }

  /** How this transport connects to what listens. */
  async connector(): Promise<(options?: TransportOptions) => Promise<Link>> {
    const { address } = await this.listen()
    const transport = this.fixture.connector?.(address) ?? this.skip('the transport does not connect')
    const { connect } = transport
    if (!connect) throw new Error(`The fixture's connector '${transport.name}' does not connect.`)
    return (options = {}) => connect.call(transport, options)
  }

  /** Two links that are each other's peer. */
  async join(): Promise<{ readonly near: CheckedLink; readonly far: CheckedLink }> {
    const connect = await this.connector()
    const near = this.check(await connect())
    return { near, far: await this.arrival() }
  }

  skip(why: string): never {
    throw new Skipped(why)
  }

  until(what: string, holds: () => boolean): Promise<void> {
    return this.#waiting.until(what, holds)
  }

  eventually(what: string, holds: () => boolean): Promise<void> {
    return this.#waiting.eventually(what, holds)
  }

  /**
   * Lets happen whatever is going to happen: messages go to and fro over a connection of their own, on the same
   * network and event loop. For that, the listener must have taken a link once.
   */
  async settle(): Promise<void> {
    this.#witness ??= await this.#callWitness()
    const { link, peer } = this.#witness
    for (let round = 0; round < ROUND_TRIPS; round += 1) {
      const [heard, answered] = [link.size, peer.received.length]
      peer.send('?')
      await this.until('a witness to be heard', () => link.size > heard)
      link.write('!')
      await this.until('a witness to be answered', () => peer.received.length > answered)
      await turn()
    }
  }

  async #callWitness(): Promise<Pair> {
    const witness = await this.pair()
    witness.link.read()
    return witness
  }

  async close(): Promise<void> {
    for (const { link } of this.#links) link.abort()
    for (const peer of this.#peers) peer.reset()
    for (const listening of this.#listenings) listening.close()
    for (const { links } of this.#receptions) for (const link of links) link.abort()
    await this.fixture.close?.()
  }
}
