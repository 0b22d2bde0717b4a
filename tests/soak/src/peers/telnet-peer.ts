import { TcpPeer } from './tcp-peer.ts'
import {
  DO,
  DONT,
  GMCP,
  IAC,
  MCCP2,
  MCCP3,
  NAWS,
  NOBODYS,
  NOP,
  SB,
  SE,
  TIMING_MARK,
  WILL,
} from './telnet-bytes.ts'
import { TelnetReader } from './telnet-reader.ts'
import { TelnetWriter } from './telnet-writer.ts'

/** What a client says beside its data, and what the other side answers to, with commands of its own. */
const COMMANDS: readonly (readonly number[])[] = [
  [IAC, NOP],
  [IAC, DO, TIMING_MARK],
  [IAC, WILL, NOBODYS, IAC, SB, NOBODYS, 13, 10, IAC, IAC, 0, IAC, SE],
  [IAC, WILL, NAWS, IAC, SB, NAWS, 0, IAC, IAC, 0, 24, IAC, SE],
  [IAC, DO, GMCP, IAC, SB, GMCP, ...Buffer.from('Core.Ping'), IAC, SE],
]

/** A telnet client: commands stand among its data, and either direction is compressed, or is no longer, as chance has it. */
export class TelnetPeer extends TcpPeer {
  override readonly kind = 'telnet'
  readonly #reader: TelnetReader = new TelnetReader(
    (data) => this.came(data),
    () => this.broken(),
  )
  readonly #writer: TelnetWriter = new TelnetWriter(this.socket)
  #wantsCompressed = false
  #sendsCompressed = false

  override act(): void {
    if (!this.finished && this.random.onceIn(3)) this.#negotiate()
    super.act()
  }

  protected override get unsent(): number {
    return this.#writer.unsent
  }

  protected override write(chunk: Buffer): void {
    this.#writer.data(chunk)
  }

  protected override read(chunk: Buffer): void {
    this.#reader.push(chunk)
  }

  protected override end(): void {
    if (this.random.onceIn(2)) this.#writer.stopCompressing()
    this.#writer.end()
  }

  protected override ended(): void {
    this.#reader.whenRead(() => super.ended())
  }

  protected override closed(): void {
    this.#reader.whenRead(() => {
      this.#reader.close()
      this.#writer.close()
      super.closed()
    })
  }

  #negotiate(): void {
    switch (this.random.between(0, 2)) {
      case 0:
        // Once in a while it changes its mind at once.
        do {
          this.#wantsCompressed = !this.#wantsCompressed
          this.#command([IAC, this.#wantsCompressed ? DO : DONT, MCCP2])
        } while (this.random.onceIn(4))
        break
      case 1:
        this.#sendsCompressed = !this.#sendsCompressed
        if (this.#sendsCompressed) {
          this.#command([IAC, DO, MCCP3])
          this.#writer.compress()
        } else this.#writer.stopCompressing()
        break
      default:
        this.#command(this.random.oneOf(COMMANDS))
    }
  }

  /** In one packet, or in as many as it has bytes. */
  #command(bytes: readonly number[]): void {
    if (this.random.onceIn(2)) this.#writer.send(Uint8Array.from(bytes))
    else for (const byte of bytes) this.#writer.send(Uint8Array.of(byte))
  }
}
