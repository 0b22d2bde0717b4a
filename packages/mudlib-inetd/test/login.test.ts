import { describe, expect, it } from 'vitest'
import type { Accounts, Created, Verified } from '../src/index.ts'
import { openTown, settle, type Town } from './support/town.ts'

const NEW = 'Ada is new here. Choose a password, or press Enter to play without one: '

/** Accounts that answer when the test says so. */
class SlowAccounts implements Accounts {
  readonly passwords = new Map<string, string>()
  readonly #waiting: (() => void)[] = []
  isUnavailable = false

  has(name: string): boolean {
    return this.passwords.has(name)
  }

  async verify(name: string, password: string): Promise<Verified> {
    await this.#wait()
    if (this.isUnavailable) return 'unavailable'
    return this.passwords.get(name) === password ? 'right' : 'wrong'
  }

  async create(name: string, password: string): Promise<Created> {
    await this.#wait()
    if (this.isUnavailable) return 'unavailable'
    if (this.has(name)) return 'taken'
    this.passwords.set(name, password)
    return 'created'
  }

  /** Everything that was asked is answered, and what follows has happened. */
  async answer(town: Town): Promise<void> {
    for (const go of this.#waiting.splice(0)) go()
    await settle(town.clock)
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}

async function open(known: readonly (readonly [string, string])[] = []): Promise<{
  readonly town: Town
  readonly accounts: SlowAccounts
}> {
  const accounts = new SlowAccounts()
  for (const [name, password] of known) accounts.passwords.set(name, password)
  return { town: await openTown({ accounts }), accounts }
}

/** What the link was told about showing what is typed. */
const masking = (person: Awaited<ReturnType<Town['connect']>>): readonly unknown[] =>
  person.peer.signals.filter(({ name }) => name === 'echo').map(({ payload }) => payload)

describe('who is new', () => {
  it('may choose a password, twice and unseen, and is known from then on', async () => {
    const { town, accounts } = await open()
    const ada = await town.connect()
    expect(ada.type('ada')).toEqual([NEW])
    expect(masking(ada)).toEqual([false])
    // The end of the line that nobody saw comes first.
    expect(ada.type('swordfish')).toEqual(['', 'Again, please: '])
    expect(ada.type('swordfish')).toEqual([''])
    await accounts.answer(town)
    expect(ada.hear()[0]).toBe('Welcome, Ada. Type help for what you can do.')
    expect(masking(ada)).toEqual([false, true])
    expect(accounts.passwords).toEqual(new Map([['Ada', 'swordfish']]))
  })

  it('may play without one, and leaves no account', async () => {
    const { town, accounts } = await open()
    const ada = await town.connect('ada')
    expect(ada.type('')[1]).toBe('Welcome, Ada. Type help for what you can do.')
    expect(masking(ada)).toEqual([false, true])
    expect(accounts.passwords.size).toBe(0)
  })

  it('chooses again where the two differ, or it is too short', async () => {
    const { town } = await open()
    const ada = await town.connect('ada')
    const again = NEW.replace('Ada is new here.', '')
    expect(ada.type('short').at(-1)).toBe(`A password has 6 to 128 characters.${again}`)
    ada.type('swordfish')
    expect(ada.type('swordfihs').at(-1)).toBe(`That was not the same.${again}`)
    expect(masking(ada)).toEqual([false])
  })

  it('has to find another name where somebody else was quicker', async () => {
    const { town, accounts } = await open()
    const [one, other] = [await town.connect('ada'), await town.connect('ada')]
    for (const person of [one, other]) {
      person.type('swordfish')
      person.type('swordfish')
    }
    await accounts.answer(town)
    expect(one.hear()[0]).toBe('Welcome, Ada. Type help for what you can do.')
    expect(other.hear()).toEqual(['Somebody has just taken that name. What is your name? '])
    expect(masking(other)).toEqual([false, true])
  })
})

describe('who is known', () => {
  it('is asked for the password, masked each time anew, and goes after three wrong ones', async () => {
    const { town, accounts } = await open([['Ada', 'swordfish']])
    const mallory = await town.connect()
    for (const guess of ['one', 'two']) {
      expect(mallory.type('ada')).toEqual(['Password: '])
      expect(mallory.type(guess)).toEqual([''])
      await accounts.answer(town)
      expect(mallory.hear()).toEqual(['That is not the password of Ada. What is your name? '])
    }
    mallory.type('ada')
    mallory.type('three')
    await accounts.answer(town)
    expect(mallory.hear()).toEqual(['That was wrong once more. Goodbye.'])
    expect(masking(mallory)).toEqual([false, true, false, true, false, true])
    await settle(town.clock)
    expect(mallory.peer.closed).toMatchObject({ code: 'login-failed', wire: 1008 })
    expect(town.world.names).toEqual([])
  })

  it('may go back to the name', async () => {
    const { town } = await open([['Ada', 'swordfish']])
    const bob = await town.connect('ada')
    expect(bob.type('')).toEqual(['', 'What is your name? '])
    expect(masking(bob)).toEqual([false, true])
  })

  it('may type ahead: nothing is read until the password is looked at, and then by the player', async () => {
    const { town, accounts } = await open([['Ada', 'swordfish']])
    const ada = await town.connect()
    ada.hear()
    ada.peer.send('ada\r\nswordfish\r\nsay hel')
    ada.hear()
    ada.peer.send('lo\r\nscore\r\n')
    expect(ada.hear()).toEqual([])
    await accounts.answer(town)
    expect(ada.hear().slice(-2)).toEqual([
      'You say: hello',
      'You are Ada, with 100 of 100 steps left before you need a rest.',
    ])
    expect(town.seen.at(-1)).toBe('acquired world player:Ada')
  })

  it('cannot come twice', async () => {
    const { town, accounts } = await open([['Ada', 'swordfish']])
    const [one, other] = [await town.connect('ada', 'swordfish'), await town.connect('ada', 'swordfish')]
    await accounts.answer(town)
    expect(one.hear()[0]).toBe('Welcome, Ada. Type help for what you can do.')
    expect(other.hear()).toEqual(['Somebody of that name is in the world already. What is your name? '])
  })

  it('may be gone before the password has been looked at', async () => {
    const { town, accounts } = await open([['Ada', 'swordfish']])
    const ada = await town.connect('ada', 'swordfish')
    ada.peer.reset()
    ada.hear()
    await accounts.answer(town)
    expect(town.world.names).toEqual([])
    expect(town.seen.at(-1)).toBe('acquired inetd world')
    expect(town.errors).toEqual([])
  })

  it('may be where the driver closes meanwhile', async () => {
    const { town, accounts } = await open([['Ada', 'swordfish']])
    const ada = await town.connect('ada', 'swordfish')
    void town.driver.close({ deadlineMs: 0 })
    await settle(town.clock)
    await accounts.answer(town)
    expect(ada.peer.closed).toBeDefined()
    expect(town.errors).toEqual([])
  })

  it('is told when passwords cannot be looked at', async () => {
    const { town, accounts } = await open([['Ada', 'swordfish']])
    accounts.isUnavailable = true
    const [ada, bob] = [
      await town.connect('ada', 'swordfish'),
      await town.connect('bob', 'swordfish', 'swordfish'),
    ]
    ada.hear()
    bob.hear()
    await accounts.answer(town)
    for (const person of [ada, bob]) {
      expect(person.hear()).toEqual(['Passwords cannot be looked at right now. Please try again later.'])
      expect(person.peer.closed).toMatchObject({ code: 'accounts-unavailable' })
    }
  })

  it('has two minutes, in the middle of a question too', async () => {
    const { town } = await open([['Ada', 'swordfish']])
    const ada = await town.connect('ada')
    town.clock.advance(120_000)
    expect(ada.hear()).toEqual(['', 'You have not said who you are for 120 seconds. Goodbye.'])
    expect(masking(ada)).toEqual([false, true])
  })
})
