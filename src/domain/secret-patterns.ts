/**
 * What secrets look like in text. What the groups of a pattern catch is the secret; without groups,
 * all it finds is. Whatever somebody put into a text, its time grows with the length alone: what
 * repeats is bounded, or can begin in few places only.
 */

/** A pattern, and what it finds in words; `docs/incident-format.md` lists them. */
export interface SecretPattern {
  readonly finds: string;
  readonly pattern: RegExp;
}

/** How names of secret things end. */
const words = [
  ...['passw(?:or)?d', 'passphrase', 'passcode', 'pwd', 'secret', 'token', 'credentials?'],
  ...['(?:api|access|private|secret|auth|signing|encryption|account|master)[_.-]?key'],
  ...['access[_.-]?key[_.-]?id', 'session[_.-]?id', 'cookie', 'authorization'],
  'connection[_.-]?string',
].join('|');

/** What follows a name: quoted, in the next line of YAML, or up to the next space. */
const value = [
  String.raw`(?:"((?:[^"\\\n]|\\.)+)`,
  String.raw`'((?:[^'\\\n]|\\.)+)`,
  String.raw`\\+["']([^"'\n]+)`,
  String.raw`[|>][+-]?[ \t]*\r?\n[ \t]+([^\n]+)`,
  String.raw`([^\s"'\\|>]\S*|[|>]\S+))`,
].join('|');

/** Tokens that services make so that they can be recognised. */
const tokens = [
  ...['gh[pousr]_[A-Za-z0-9]{20,255}', 'github_pat_[A-Za-z0-9_]{20,255}'],
  ...['gl(?:pat|ptt|dt|rt|cbt)-[A-Za-z0-9_-]{16,255}', 'npm_[A-Za-z0-9]{30,64}'],
  ...['(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[0-9A-Z]{16}', 'AIza[0-9A-Za-z_-]{30,64}'],
  ...[String.raw`ya29\.[0-9A-Za-z_-]{20,1024}`, 'xox[abeoprs]-[A-Za-z0-9-]{10,255}'],
  ...['xapp-[A-Za-z0-9-]{10,255}', '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,255}'],
  ...['sk-[A-Za-z0-9_-]{20,255}', 'hf_[A-Za-z0-9]{30,64}', 'pypi-[A-Za-z0-9_-]{40,512}'],
  ...['dckr_pat_[A-Za-z0-9_-]{20,64}', String.raw`SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}`],
  ...['dop_v1_[a-f0-9]{64}', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}', 'AGE-SECRET-KEY-1[0-9A-Z]{58}'],
  String.raw`eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,8192}(?:\.[A-Za-z0-9_-]{0,8192})?`,
].join('|');

const keyName = '[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----';
const mixed = '(?=[\\w-]{0,42}\\d)(?=[\\w-]{0,42}[A-Z])(?=[\\w-]{0,42}[a-z])';

/** In the order in which they are looked for. */
export const secretPatterns: readonly SecretPattern[] = [
  {
    finds: 'private keys in PEM form, also cut off at their end',
    pattern: new RegExp(`-----BEGIN ${keyName}[^]*?(?:-----END ${keyName}|$(?![^]))`, 'dg'),
  },
  {
    finds: 'private keys in PEM form that are cut off at their beginning',
    pattern: new RegExp(`(?:^[A-Za-z0-9+/=]{16,100}\\r?\\n){1,200}-----END ${keyName}`, 'dgm'),
  },
  {
    finds: 'user names and passwords in URLs',
    pattern: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/([^\s/?#"'<>]{1,1024})@/dgi,
  },
  {
    finds: 'secret parameters of URLs',
    pattern: new RegExp(
      `[?&;](?:[\\w.-]{0,60}?(?:${words})|key|code|sig|signature|x-amz-signature)=([^&\\s#"'<>]+)`,
      'dgi',
    ),
  },
  {
    finds: 'addresses of incoming webhooks',
    pattern: /hooks\.slack\.com\/(?:services|workflows)\/([\w/-]{8,255})/dgi,
  },
  {
    finds: 'tokens and keys that services mark as theirs, JSON web tokens among them',
    pattern: new RegExp(`(?<![A-Za-z0-9_-])(?:${tokens})`, 'dg'),
  },
  {
    finds: 'run tokens of Logboard, and whatever looks like one: 43 mixed characters of base64url',
    pattern: new RegExp(`(?<![\\w-])${mixed}[\\w-]{43}(?![\\w-])`, 'dg'),
  },
  {
    finds: 'headers of HTTP that carry credentials, to their end',
    pattern: /\b(?:authorization|cookie|x-api-key|x-auth-token)[ \t]*:[ \t]*([^\s"'][^\r\n"']*)/dgi,
  },
  {
    finds: 'bearer and basic credentials',
    pattern: /\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC)[ \t]+((?=\S{0,200}[0-9A-Z=])[\w.~+/=-]{8,})/dg,
  },
  {
    finds: 'options of command lines: --password x, --api-key=x, -u user:password',
    pattern: new RegExp(
      `(?<![^\\s"'])(?:--[a-z-]{0,40}?(?:${words})(?:=|[ \\t]+)|` +
        `(?:-u|--user)[ =]?(?=\\S+:))${value}`,
      'dgi',
    ),
  },
  {
    finds: 'lines of an environment: NAME=anything',
    pattern: /^[ \t]*(?:export[ \t]+|declare -x[ \t]+|set[ \t]+)?[A-Z][A-Z0-9_]{2,80}=(.+)$/dgm,
  },
  {
    finds: 'what follows a name that ends in password, token, secret, api_key …, and : or =',
    pattern: new RegExp(
      `(?:${words})(?![A-Za-z0-9])\\\\*["']?[ \\t]*(?:=>|:=|[:=])[ \\t]*${value}`,
      'dgi',
    ),
  },
  {
    finds: '“the password is x”',
    pattern: new RegExp(
      `\\b(?:password|passphrase|passcode)[ \\t]+(?:is|was)[ \\t]+${value}`,
      'dgi',
    ),
  },
  {
    finds: 'passwords in lines of a .netrc',
    pattern: /\blogin[ \t]+\S{1,200}[ \t]+password[ \t]+(\S+)/dgi,
  },
];

const secretName = new RegExp(`(?:${words})$`, 'i');

/** Whether a field or an option of this name holds a secret, whatever that looks like. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}
