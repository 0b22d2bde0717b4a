import { describe, expect, it } from 'vitest'
import { type Terminal, terminal } from '../src/index.ts'
import { type Connection, connected } from './support/bench.ts'

const [SE, SB, WILL, WONT, DO, DONT, IAC] = [240, 250, 251, 252, 253, 254, 255] as const

/** What a client says to everything it was not asked by name. */
function settledAfter(connection: Connection): Terminal {
  connection.clock.advance(2_500)
  return terminal(connection.socket)
}

const message = (text: string): (number | string)[] => [IAC, SB, 201, text, IAC, SE]

const textSignals = ({ heard }: Connection): unknown[] =>
  heard.filter((item) => !(Array.isArray(item) && item[0] === 'terminal'))

describe('the opening', () => {
  it('asks for everything at once, one verb for each option, with compression last', async () => {
    const connection = await connected({ mssp: () => ({ NAME: 'x' }) })
    expect(connection.sent()).toEqual([
      'DO 24',
      'DO 31',
      'DO 39',
      'WILL 42',
      'WILL 25',
      'WILL 201',
      'WILL 70',
      'WILL 87',
      'WILL 86',
    ])
  })

  it('delays no banner, and settles by itself for a client that says nothing', async () => {
    const connection = await connected()
    connection.sent()
    connection.socket.write('Welcome!\r\n')
    connection.clock.run()
    expect(connection.sent()).toEqual(['Welcome!\r\n'])
    expect(connection.heard).toEqual([])
    expect(settledAfter(connection)).toMatchObject({ settled: true, colours: 'none', size: undefined })
  })

  it('begins before somebody owns the connection; what is typed waits', async () => {
    const connection = await connected({
      early: ['hello\r\n', IAC, WILL, 31, IAC, SB, 31, 0, 100, 0, 40, IAC, SE, 'more\r\n'],
    })
    expect(connection.heard).toEqual(['hello', ['windowSize', { columns: 100, rows: 40 }], 'more'])
  })

  it('looks at no more than 4 KiB before somebody owns the connection', async () => {
    const connection = await connected({
      early: [IAC, SB, 99, 'x'.repeat(4_050), IAC, SE, IAC, DO, 25, IAC, WILL, 31, 'done\r\n', IAC, DO, 6],
    })
    expect(connection.heard).toEqual(['done'])
    expect(connection.sent().at(-1)).toBe('WILL 6')
  })

  it('refuses what it does not speak, and is silent about refusals', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(IAC, WILL, 200, IAC, DO, 93, IAC, WONT, 93, IAC, DONT, 200, IAC, DO, 1, IAC, WILL, 0)
    expect(connection.sent()).toEqual(['DONT 200', 'WONT 93', 'WONT 1', 'DONT 0'])
  })

  it('answers a change, and what is no change not at all', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(IAC, DO, 25, IAC, DO, 25, IAC, WILL, 31, IAC, WILL, 31, IAC, DONT, 25, IAC, DONT, 25)
    expect(connection.sent()).toEqual(['WONT 25'])
  })

  it('stops answering a storm, and ends it when it goes on', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(...Array.from({ length: 300 }, () => [IAC, WILL, 99]).flat())
    expect(connection.sent()).toHaveLength(200)
    connection.say(...Array.from({ length: 800 }, () => [IAC, WILL, 99]).flat())
    expect(connection.heard).toEqual([['close', 'negotiation-storm']])
  })
})

describe('ECHO', () => {
  it('masks again and again for a client that never acknowledges the end of it (TinTin++)', async () => {
    const connection = await connected()
    connection.sent()
    for (let round = 0; round < 3; round += 1) {
      connection.socket.signal('echo', false)
      connection.clock.run()
      expect(connection.sent()).toEqual(['WILL 1'])
      connection.say(IAC, DO, 1, 'secret\r\n')
      connection.socket.signal('echo', true)
      connection.clock.run()
      expect(connection.sent()).toEqual(['WONT 1'])
      connection.clock.advance(2_500)
      connection.say('look\r\n')
    }
    const round = [['sensitive', true], 'secret', ['sensitive', false], 'look']
    expect(textSignals(connection)).toEqual([...round, ...round, ...round])
  })

  it('calls lines sensitive until the client has read the end of the masking', async () => {
    const connection = await connected()
    connection.socket.signal('echo', false)
    connection.say(IAC, DO, 1, 'one\r\n')
    connection.socket.signal('echo', true)
    connection.say('two\r\n', IAC, DONT, 1, 'three\r\n')
    expect(textSignals(connection)).toEqual([
      ['sensitive', true],
      'one',
      'two',
      ['sensitive', false],
      'three',
    ])
    expect(connection.socket.last('sensitive')).toBe(false)
  })

  it('marks what is read after it was asked for, in the same packet too', async () => {
    const connection = await connected({
      handlers: (heard) => ({
        line(text, _info, socket) {
          heard.push(text)
          if (text === 'name') socket.signal('echo', false)
        },
        signal: ({ name, payload }) => void heard.push([name, payload]),
      }),
    })
    connection.say('name\r\n', IAC, DONT, 99, 'secret\r\n')
    expect(connection.heard).toEqual(['name', ['sensitive', true], 'secret'])
  })

  it('takes a refusal for one where the end before it has been acknowledged', async () => {
    const connection = await connected()
    connection.socket.signal('echo', false)
    connection.say(IAC, DO, 1)
    connection.socket.signal('echo', true)
    connection.say(IAC, DONT, 1)
    connection.socket.signal('echo', false)
    connection.say(IAC, DONT, 1)
    connection.sent()
    connection.socket.signal('echo', true)
    connection.socket.signal('echo', false)
    connection.clock.run()
    // It is off, and asked for anew; were it still waited for, nothing would be sent.
    expect(connection.sent()).toEqual(['WILL 1'])
  })

  it('takes the late end of one masking for no refusal of the next', async () => {
    const connection = await connected()
    connection.socket.signal('echo', false)
    connection.say(IAC, DO, 1)
    connection.socket.signal('echo', true)
    connection.socket.signal('echo', false)
    connection.clock.run()
    connection.sent()
    connection.say(IAC, DONT, 1, IAC, DO, 1, 'secret\r\n')
    connection.socket.signal('echo', true)
    connection.clock.run()
    expect(connection.sent()).toEqual(['WONT 1'])
    expect(textSignals(connection)).toEqual([['sensitive', true], 'secret'])
  })
})

describe('a client that sends keys', () => {
  it('is edited and echoed, and what is masked is not shown', async () => {
    const connection = await connected({ promptMarks: false })
    connection.sent()
    connection.say(IAC, DO, 3, IAC, DO, 1)
    expect(connection.sent()).toEqual(['WILL 3', 'WILL 1'])
    connection.say('lok', 8, 'ok', 13, 0)
    expect(connection.sent()).toEqual(['lok\b \bok\r\n'])
    connection.say('né', 127, IAC, 247, 'x', IAC, 248, 'y', 27, '[A', 21, 'z\r\n')
    expect(connection.sent().join('')).toBe('né\b \b\b \bx\b \by\b \bz\r\n')
    connection.socket.signal('echo', false)
    connection.say('pass\r\n')
    connection.socket.signal('echo', true)
    connection.say('who\r\n')
    expect(connection.sent()).toEqual(['who\r\n'])
    expect(textSignals(connection)).toEqual([
      'look',
      'z',
      ['sensitive', true],
      'pass',
      ['sensitive', false],
      'who',
    ])
  })

  it('shows no password, though it comes in one packet with the name', async () => {
    const connection = await connected({
      promptMarks: false,
      handlers: (heard) => ({
        line(text, _info, socket) {
          heard.push(text)
          socket.write(heard.length === 1 ? 'Password: ' : '\r\nWelcome.\r\n')
          socket.signal('echo', heard.length > 1)
        },
      }),
    })
    connection.say(IAC, DO, 3, IAC, DO, 1)
    connection.sent()
    connection.say('ada\rsecret\rlook\r')
    expect(connection.sent()).toEqual(['ada\r\nPassword: \r\nWelcome.\r\nlook\r\n\r\nWelcome.\r\n'])
    expect(connection.heard).toEqual(['ada', 'secret', 'look'])
  })

  it('is known by its terminal types, too (Windows telnet)', async () => {
    const connection = await connected()
    connection.say(IAC, WILL, 24)
    connection.sent()
    for (const type of ['ANSI', 'VT100', 'VT52', 'VTNT']) connection.say(IAC, SB, 24, 0, type, IAC, SE)
    expect(connection.sent()).toContain('WILL 3')
  })

  it('stays in line mode where it has LINEMODE (GNU telnet)', async () => {
    const connection = await connected()
    connection.sent()
    connection.say('half', IAC, DO, 3, ' and', IAC, WILL, 34)
    expect(connection.sent()).toEqual(['WILL 3', 'WILL 1', ' and', 'DO 34', 'SB 34 <1><3>'])
    connection.say(IAC, DO, 1)
    expect(connection.sent()).toEqual(['WONT 1'])
    connection.say(IAC, SB, 34, 1, 7, IAC, SE, ' half\r\n')
    expect(textSignals(connection)).toEqual(['half and half'])
  })
})

describe('TTYPE and MTTS', () => {
  it('goes round the cycle and knows the terminal', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(IAC, WILL, 24)
    for (const type of ['TINTIN++', 'xterm-256color', 'MTTS 333'])
      connection.say(IAC, SB, 24, 0, type, IAC, SE)
    expect(connection.sent()).toEqual(['SB 24 <1>', 'SB 24 <1>', 'SB 24 <1>'])
    expect(settledAfter(connection)).toMatchObject({
      client: 'TINTIN++',
      type: 'xterm-256color',
      colours: 'true',
      utf8: true,
      screenReader: true,
    })
  })

  it('stops where an answer repeats, and ignores what comes unasked', async () => {
    const connection = await connected()
    connection.say(IAC, WILL, 24)
    connection.sent()
    for (const type of ['XTERM', 'XTERM', 'EVIL']) connection.say(IAC, SB, 24, 0, type, IAC, SE)
    expect(connection.sent()).toEqual(['SB 24 <1>'])
    expect(settledAfter(connection)).toMatchObject({ type: 'XTERM', colours: '16' })
  })
})

describe('NAWS', () => {
  it('reads 255 doubled, clamps, and ignores what is no size', async () => {
    const connection = await connected()
    connection.say(IAC, WILL, 31)
    connection.say(IAC, SB, 31, 0, IAC, IAC, 0, 24, IAC, SE)
    connection.say(IAC, SB, 31, IAC, IAC, IAC, IAC, 0, 1, IAC, SE)
    connection.say(IAC, SB, 31, 0, 80, IAC, SE, IAC, SB, 31, 0, 0, 0, 24, IAC, SE)
    expect(connection.heard).toEqual([
      ['windowSize', { columns: 255, rows: 24 }],
      ['windowSize', { columns: 500, rows: 5 }],
    ])
    expect(terminal(connection.socket).size).toEqual({ columns: 500, rows: 5 })
  })
})

describe('prompts', () => {
  it('are marked with EOR where that is agreed upon, else with GA', async () => {
    const connection = await connected()
    connection.sent()
    connection.socket.write('Name: ')
    connection.clock.run()
    expect(connection.sent()).toEqual(['Name: '])
    connection.say(IAC, DO, 25)
    expect(connection.sent()).toEqual(['EOR'])
    connection.socket.write('line\r\n> ')
    connection.clock.run()
    expect(connection.sent()).toEqual(['line\r\n> ', 'EOR'])
    connection.clock.advance(2_500)
    connection.say(IAC, DONT, 25)
    connection.socket.write('> ')
    expect(connection.socket.signal('prompt', undefined)).toBe(true)
    connection.clock.run()
    expect(connection.sent()).toEqual(['WONT 25', '> ', 'GA'])
  })

  it('are not marked with GA while the client may still agree upon EOR', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(IAC, DONT, 42)
    connection.socket.write('Name: ')
    expect(connection.socket.signal('prompt', undefined)).toBe(false)
    connection.clock.run()
    expect(connection.sent()).toEqual(['Name: '])
    connection.clock.advance(2_500)
    expect(connection.sent()).toEqual(['GA'])
  })

  it('are not marked for who speaks no telnet', async () => {
    const connection = await connected()
    connection.sent()
    connection.socket.write('> ')
    expect(connection.socket.signal('prompt', undefined)).toBe(false)
    connection.clock.advance(5_000)
    expect(connection.sent()).toEqual(['> '])
  })
})

describe('CHARSET', () => {
  it('reads UTF-8, and what is none as Latin-1', async () => {
    const connection = await connected()
    connection.say('é', 0xe9, ' ', 0xc3)
    connection.say(0xa9, 0xff, 0xff, '\r\n')
    expect(connection.heard).toEqual(['éé éÿ'])
  })

  it('writes and reads Latin-1 for a client that has no UTF-8', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 42)
    expect(connection.sent()).toContain('SB 42 <1>;UTF-8')
    connection.say(IAC, SB, 42, 3, IAC, SE, 0xc3, 0xa9, '\r\n')
    const before = connection.peer.bytes.length
    connection.socket.write('é ÿ 三🐉\n')
    connection.clock.run()
    expect([...connection.peer.bytes.subarray(before)]).toEqual([0xe9, 32, 255, 255, 32, 63, 63, 13, 10])
    expect(connection.heard).toEqual(['Ã©'])
    expect(settledAfter(connection).utf8).toBe(false)
  })

  it('rejects a request that crosses its own', async () => {
    const connection = await connected()
    connection.sent()
    connection.say(IAC, SB, 42, 1, ';UTF-8', IAC, SE)
    expect(connection.sent()).toEqual(['SB 42 <3>'])
  })

  it('lets a client ask that does not want to be asked', async () => {
    const connection = await connected()
    connection.say(IAC, DONT, 42, IAC, WILL, 42)
    connection.sent()
    connection.say(IAC, SB, 42, 1, ';KOI8-R', IAC, SE)
    connection.say(IAC, SB, 42, 1, '[TTABLE ]', 1, ';UTF-8', IAC, SE)
    connection.say(IAC, SB, 42, 1, ' KOI8-R ISO-8859-1', IAC, SE, 0xe9, '\r\n')
    expect(connection.sent()).toEqual(['SB 42 <3>', 'SB 42 <3>', 'SB 42 <2>ISO-8859-1'])
    expect(settledAfter(connection).utf8).toBe(false)
    connection.say(IAC, SB, 42, 1, ';UTF-8', IAC, SE, 'é\r\n')
    expect(connection.sent()).toEqual(['SB 42 <2>UTF-8'])
    expect(textSignals(connection)).toEqual(['é', 'é'])
    expect(terminal(connection.socket).utf8).toBe(true)
  })
})

describe('NEW-ENVIRON', () => {
  it('learns what MNES has, of plain and short values only', async () => {
    const connection = await connected()
    connection.say(IAC, WILL, 39)
    expect(connection.sent().at(-1)).toMatch(/^SB 39 <1><0>CLIENT_NAME<0>CLIENT_VERSION<0>CHARSET/)
    connection.say(
      IAC,
      SB,
      39,
      0,
      0,
      'CLIENT_NAME',
      1,
      'Tin',
      27,
      '[2J',
      0xe2,
      0x80,
      0xae,
      'Tin'.repeat(99),
      IAC,
      SE,
    )
    connection.say(
      IAC,
      SB,
      39,
      2,
      0,
      'MTTS',
      1,
      '15',
      3,
      'USER',
      1,
      '-f root',
      3,
      'OSC_HYPERLINKS',
      1,
      '1',
      IAC,
      SE,
    )
    const known = settledAfter(connection)
    expect(known).toMatchObject({ colours: '256', utf8: true, hyperlinks: true })
    expect(known.client).toMatch(/^Tin\[2JTinTin/)
    expect(known.client).toHaveLength(64)
    expect(JSON.stringify(connection.heard)).not.toContain('root')
  })
})

describe('MSSP', () => {
  it('gives the facts of the moment', async () => {
    const connection = await connected({ mssp: () => ({ NAME: 'Mud\u0001wire', PORT: [4000, 4443] }) })
    connection.sent()
    connection.say(IAC, DO, 70)
    expect(connection.sent()).toEqual(['SB 70 <1>NAME<2>Mudwire<1>PORT<2>4000<2>4443'])
  })

  it('is silent where the facts cannot be had, and the server hears why', async () => {
    const errors: unknown[] = []
    const connection = await connected({
      onError: (error) => void errors.push(error),
      mssp: () => {
        throw new Error('no facts today')
      },
    })
    connection.sent()
    connection.say(IAC, DO, 70, 'on we go\r\n')
    expect(connection.sent()).toEqual([])
    expect(connection.heard).toEqual(['on we go'])
    expect(errors).toEqual([new Error('no facts today')])
  })
})

describe('GMCP', () => {
  it('sends what the client has asked for, and nothing before it has said hello', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 201)
    connection.sent()
    const { socket } = connection
    expect(socket.signal('gmcp', { package: 'Core.Ping' })).toBe(false)
    connection.say(...message('Core.Hello {"Client":"Mudlet","version":"4.17"}'))
    expect(socket.signal('gmcp', { package: 'Char.Vitals', data: { hp: 1 } })).toBe(false)
    connection.say(...message('Core.Supports.Set ["Char 1","Room 1"]'))
    expect(socket.signal('gmcp', { package: 'Char.Vitals', data: { hp: 1 } })).toBe(true)
    connection.say(...message('core.supports.remove ["Room"]'), ...message('Core.Ping 12'))
    expect(socket.signal('gmcp', { package: 'Room.Info', data: {} })).toBe(false)
    connection.clock.run()
    expect(connection.sent()).toEqual(['SB 201 Char.Vitals {"hp":1}', 'SB 201 Core.Ping'])
    expect(settledAfter(connection)).toMatchObject({ client: 'Mudlet', version: '4.17', gmcp: ['char'] })
  })

  it('needs no introduction by who says what it wants', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 201, ...message('Core.Supports.Add ["Char 1"]'))
    expect(connection.socket.signal('gmcp', { package: 'Char.Vitals', data: { hp: 1 } })).toBe(true)
  })

  it('never throws for what JSON cannot say', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 201, ...message('Core.Hello {}'), ...message('Core.Supports.Set ["X 1"]'))
    const { socket } = connection
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(socket.signal('gmcp', { package: 'X.Y', data: circle })).toBe(false)
    expect(socket.signal('gmcp', { package: 'X.Y', data: () => 1 })).toBe(false)
    expect(socket.signal('gmcp', { package: 'X Y' })).toBe(false)
    expect(socket.signal('gmcp', undefined as never)).toBe(false)
    expect(socket.state).toBe('open')
  })

  it('passes other packages on, and drops what is hostile', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 201)
    for (const text of [
      'Comm.Say "hi"',
      'Char.Login',
      'X {"__proto__":{"a":1}}',
      `X ${'['.repeat(20)}${']'.repeat(20)}`,
      'X {oops',
      '../etc 1',
      `X "${'x'.repeat(9_000)}"`,
    ]) {
      connection.say(...message(text))
    }
    expect(connection.heard).toEqual([
      ['gmcp', { package: 'Comm.Say', data: 'hi' }],
      ['gmcp', { package: 'Char.Login' }],
    ])
  })
})

describe('who asks and never reads', () => {
  it('is not answered without end', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 3, IAC, DO, 201)
    connection.peer.stall()
    connection.say(...message('Core.Hello {}'))
    for (let round = 0; round < 300; round += 1) {
      connection.say('typed '.repeat(200), ...message('Core.Ping'), IAC, 246)
      if (round % 5 === 0) connection.say('\r\n')
    }
    connection.peer.unstall()
    connection.clock.run()
    expect(connection.peer.bytes.length).toBeLessThan(80_000)
    expect(connection.socket.state).toBe('open')
  })

  it('may send many messages that the owner reads', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 201)
    for (let count = 0; count < 1_500; count += 1) connection.say(...message('Char.Move "n"'))
    expect(connection.heard).toHaveLength(1_500)
  })
})

describe('the rest', () => {
  it('answers and measures with TIMING-MARK', async () => {
    const connection = await connected()
    connection.say(IAC, DO, 6, IAC, DO, 6)
    expect(connection.sent().slice(-2)).toEqual(['WILL 6', 'WILL 6'])
    expect(connection.socket.signal('roundTrip', undefined)).toBe(true)
    connection.clock.advance(40)
    connection.say(IAC, WONT, 6, IAC, WONT, 6)
    expect(connection.heard).toEqual([['roundTrip', 40]])
  })

  it('keeps a silent connection alive with NOP, unless that is unwanted', async () => {
    const connection = await connected({ keepAliveMs: 1_000 })
    connection.clock.advance(1_500)
    connection.sent()
    connection.clock.advance(1_000)
    expect(connection.sent()).toEqual(['NOP'])
    connection.socket.signal('keepAlive', false)
    connection.clock.advance(10_000)
    expect(connection.sent()).toEqual([])
  })

  it('answers AYT, rings, and refuses signals that it does not have', async () => {
    const connection = await connected({ promptMarks: false })
    connection.sent()
    connection.say(IAC, 246)
    connection.socket.signal('bell', undefined)
    expect(connection.socket.signal('windowSize', { columns: 80, rows: 24 })).toBe(false)
    connection.clock.run()
    expect(connection.sent()).toEqual(['[Yes]\r\n\u0007'])
  })

  it('swallows what it does not know and what is too long, and drops what is broken off', async () => {
    const connection = await connected()
    connection.sent()
    connection.say('a', IAC, SB, 99, 'nuttx\r\n', IAC, SE, 'b')
    connection.say(IAC, SB, 201, ...Array.from({ length: 9_000 }, () => [IAC, IAC]).flat(), IAC, SE, 'c')
    connection.say(IAC, SB, 31, 0, 80, IAC, DO, 25, 'd\r\n')
    expect(connection.heard).toEqual(['abcd'])
    expect(connection.sent()).toEqual([])
    await expect(connected({ keepAliveMs: -1 })).rejects.toThrow(TypeError)
  })

  it('loses nothing to a Synch, whose DM is urgent and never comes (PuTTY)', async () => {
    const connection = await connected()
    connection.say('lo', IAC)
    connection.say('ok\r', IAC, '\nwho', IAC, '\r\n')
    expect(textSignals(connection)).toEqual(['look', 'who'])
  })

  it('takes a NUL for nothing: ncat sends two after each GA', async () => {
    const connection = await connected()
    connection.say(0, 0, 'a', 0, 'da\r', 0, 0, 'look\r\n', 0)
    expect(connection.heard.filter((item) => typeof item === 'string')).toEqual(['ada', 'look'])
  })

  it('has the line ends of RFC 854', async () => {
    const connection = await connected({ promptMarks: false })
    const before = connection.peer.bytes.length
    const { socket, clock } = connection
    for (const part of ['a\n', 'b\r', '\n', 'c\r', 'd\r\ne\r', new Uint8Array([102, 13, 10, 13, 255, 10])]) {
      socket.write(part)
      clock.run()
    }
    socket.write(connection.socket.state)
    clock.run()
    expect(Buffer.from(connection.peer.bytes.subarray(before)).toString('latin1')).toBe(
      'a\r\nb\r\nc\r\0d\r\ne\r\0f\r\n\r\0\xff\xff\nopen',
    )
    connection.say('1\r\n2\r', 0, '3\n4\r5\r\n')
    expect(connection.heard).toEqual(['1', '2', '3', '4', '5'])
  })
})
