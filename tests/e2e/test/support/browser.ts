import { chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

/** Without these Chromium talks to the world while it is being tested. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Opens an empty page in the browser of the system. */
export async function openBrowser(program: string): Promise<Page> {
  const browser = await chromium.launch({ executablePath: program, args: QUIET })
  onTestFinished(() => browser.close())
  return browser.newPage()
}

/** Opens the page, and waits until it is connected. */
export async function openPage(program: string, url: string): Promise<{ readonly page: Page }> {
  const page = await openBrowser(program)
  await page.goto(url)
  await page.getByRole('status').getByText('Connected.', { exact: true }).waitFor()
  return { page }
}

/** Types a command and sends it. */
export async function type(page: Page, line: string): Promise<void> {
  await page.getByLabel('Your command').fill(line)
  await page.keyboard.press('Enter')
}

/** Waits until the log has a line. */
export async function shows(page: Page, text: string): Promise<void> {
  await page.getByRole('log').getByText(text, { exact: true }).last().waitFor()
}

/** Comes into the world as somebody who wants no account. */
export async function enter(page: Page, name: string): Promise<void> {
  await type(page, name)
  await shows(
    page,
    `(What you type will be seen.) ${name} is new here. Choose a password, or press Enter to play without one: `,
  )
  await type(page, '')
}
