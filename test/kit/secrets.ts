/**
 * Texts with a secret in them, as people and programs leave them behind. Each secret is put
 * together from pieces, so that no scanner takes this file for a leak.
 */

/** A text and the secret in it, which is nowhere else. */
export interface Leak {
  readonly text: string;
  readonly secret: string;
}

const base64 = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';
const begin = '-----BEGIN RSA PRIVATE KEY-----';
const end = '-----END RSA PRIVATE KEY-----';

function leak(secret: string, text: (secret: string) => string): Leak {
  return { secret, text: text(secret) };
}

/** One of every kind that the redaction knows. */
export const leaks: readonly Leak[] = [
  leak(base64, (s) => `the key:\n${begin}\n${s}\n${end}\nthat was it`),
  leak(base64, (s) => `cut off: ${begin}\n${s}`),
  leak(base64, (s) => `${s}\n${end}\nand then it went on`),
  leak('hunter2@7', (s) => `cloned https://deploy:${s}@git.example.org/hull.git`),
  leak('pa55word', (s) => `postgres://anchor:${s}@10.0.0.7:5432/board?sslmode=require`),
  leak('s3cr3tparam', (s) => `GET https://api.example.org/v1?page=2&access_token=${s}&x=1`),
  leak('9f8e7d6c5b', (s) => `https://store.example.org/a?X-Amz-Signature=${s}`),
  leak('T00/B00/aBcDeFgHiJ', (s) => `posting to https://hooks.slack.com/services/${s} failed`),
  leak(`ghp_${'a1B2c3D4e5'.repeat(4)}`, (s) => `remote: ${s} is expired`),
  leak(`github_pat_${'a1B2c3D4e5'.repeat(4)}`, (s) => `use ${s}.`),
  leak(`glpat-${'xYz09'.repeat(4)}`, (s) => `(${s})`),
  leak(`AKIA${'QW34ER56TY78UI90'}`, (s) => `caller is ${s}, region eu-central-1`),
  leak('wJalrXUtnFEMI/K7MDENG', (s) => `aws_secret_access_key = ${s}`),
  leak(`xoxb-${'123456789012-abcdef'}`, (s) => `slack says no to ${s}`),
  leak(`sk-${'ant-api03-'}${'aB1_'.repeat(8)}`, (s) => `model: key ${s} over quota`),
  leak(`sk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}`, (s) => `stripe: ${s}`),
  leak(`AIza${'SyA1234567890abcdefghijklmnopqrstuv'}`, (s) => `maps ${s}`),
  leak(`npm_${'a1B2c3D4e5F6'.repeat(3)}`, (s) => `//registry/:_authToken=${s}`),
  leak(`eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxMjM0In0'}.c2lnbmF0dXJl`, (s) => `jwt was ${s}!`),
  leak('Zm9vOmJhcjpiYXo9MQ==', (s) => `Authorization: Basic ${s}`),
  leak('mF_9.B5f-4.1JqM', (s) => `curl -H 'Authorization: Bearer ${s}' https://example.org`),
  leak('4rt9-88xp', (s) => `sent bearer ${s}`),
  leak('sid=31d4d96e407aad42', (s) => `Cookie: ${s}; theme=dark`),
  leak('swordfish', (s) => `mysql --user=root --password ${s} -h db`),
  leak('swordfish', (s) => `mysql --password=${s}`),
  leak('ada:lovelace', (s) => `curl -u ${s} https://example.org`),
  leak('postgres-on-rails', (s) => `export DATABASE_URL=${s}`),
  leak('anything at all', (s) => `env was\nSOME_SETTING=${s}\nend`),
  leak('hunter2', (s) => `password: ${s}`),
  leak('hunter2', (s) => `{"user": "ada", "password": "${s}"}`),
  leak('hun\\"ter2', (s) => `{"password": "${s}", "user": "ada"}`),
  leak('hunter2', (s) => `"{\\"password\\":\\"${s}\\"}"`),
  leak('correct horse', (s) => `passphrase = "${s}"`),
  leak('hunter2', (s) => `apiKey=${s}`),
  leak('hunter2', (s) => `client_secret => '${s}',`),
  leak('hunter2', (s) => `password: |\n  ${s}\nuser: ada`),
  leak('hunter2', (s) => `By the way, the password is ${s} until Monday.`),
  leak('hunter2', (s) => `machine git.example.org login ada password ${s}`),
  leak('kXp7vT2mQ9sR4wZ1aB6cD8eF0gH3jL5nYuIoPq-_tGh', (s) => `my run token is ${s}`),
];

/** What must be left as it is: nothing in it is a secret. */
export const harmless: readonly string[] = [
  'Paint the hull; see T-0A1B2C3D4E and R-0A1B2C3D4E5F for the primer.',
  'The tokenizer took 1,200 tokens; inputTokens: 900, outputTokens: 300.',
  'A basic idea, the bearer of good news, the secret garden, a password manager.',
  'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'https://git.example.org/hull.git?page=2&sort=up',
  'exit 1 at src/sails.ts:42:7: x = y; a == b; if (n => n + 1) {}',
  '0b9c2a34-59f3-7d6a-8c2e-0a1b2c3d4e5f',
];
