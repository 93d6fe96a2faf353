import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@lotty/domain";
import { adminPasswordFault } from "./admin-password-fault.ts";
import type { Settings } from "./arrange-config.ts";
import { AUTHENTICATION_MODES } from "./config.ts";
import { readNetworks } from "./network-list.ts";
import { choice, optionalList, optionalSecret, type Setting, wholeNumber, yesOrNo } from "./setting.ts";

type AccessSettingName =
  | "AUTHENTICATION"
  | "ADMIN_PASSWORD"
  | "SESSION_IDLE_MINUTES"
  | "SESSION_MAX_HOURS"
  | "TRUSTED_PROXIES"
  | "RATE_LIMIT_DECIDE_PER_KEY"
  | "RATE_LIMIT_DECIDE_PER_ADDRESS"
  | "RATE_LIMIT_OTHER_PER_KEY"
  | "RATE_LIMIT_OTHER_PER_ADDRESS"
  | "RATE_LIMIT_SHARED";

/** Most requests in a second that can be asked for. */
const MAX_RATE = 1_000_000;

/** The settings that say who may call the API. */
export const accessSettings: { readonly [Name in AccessSettingName]: Setting<Settings[Name]> } = {
  AUTHENTICATION: choice({
    group: "Access",
    description:
      "Whether callers need a key or a session: always (`required`), or only where other machines can reach the API (`automatic`); changes need one either way.",
    words: AUTHENTICATION_MODES,
    fallback: "automatic",
  }),
  ADMIN_PASSWORD: optionalSecret({
    group: "Access",
    description:
      "Password of `admin`, whom the first start makes; without it, one is generated and printed once. Has no effect later.",
    values: `a text of ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters that is not easy to guess`,
    faultOf: adminPasswordFault,
  }),
  SESSION_IDLE_MINUTES: wholeNumber({
    group: "Access",
    description: "How long a session lasts without a request, in minutes.",
    min: 1,
    max: 43_200,
    fallback: 480,
  }),
  SESSION_MAX_HOURS: wholeNumber({
    group: "Access",
    description: "How long a session lasts at most, in hours.",
    min: 1,
    max: 8_760,
    fallback: 168,
  }),
  TRUSTED_PROXIES: optionalList({
    group: "Access",
    description:
      "Proxies whose `X-Forwarded-For` tells where a request comes from; without it, that header is ignored and the proxy itself counts as the caller's address.",
    values: "addresses or networks with commas between them, such as `10.0.0.7,10.1.0.0/16`",
    read: readNetworks,
  }),
  RATE_LIMIT_DECIDE_PER_KEY: wholeNumber({
    group: "Access",
    description: "Requests for decisions with one key, per second on average over ten; 0 for no limit.",
    min: 0,
    max: MAX_RATE,
    fallback: 10_000,
  }),
  RATE_LIMIT_DECIDE_PER_ADDRESS: wholeNumber({
    group: "Access",
    description:
      "Requests for decisions from one address (IPv6: network of 64 bits) without a server key, per second on average over ten; 0 for no limit.",
    min: 0,
    max: MAX_RATE,
    fallback: 100,
  }),
  RATE_LIMIT_OTHER_PER_KEY: wholeNumber({
    group: "Access",
    description: "Other requests with one key, per second on average over ten; 0 for no limit.",
    min: 0,
    max: MAX_RATE,
    fallback: 500,
  }),
  RATE_LIMIT_OTHER_PER_ADDRESS: wholeNumber({
    group: "Access",
    description:
      "Other requests from one address (IPv6: network of 64 bits) without a server key, those of people included, per second on average over ten; 0 for no limit.",
    min: 0,
    max: MAX_RATE,
    fallback: 100,
  }),
  RATE_LIMIT_SHARED: yesOrNo({
    group: "Access",
    description:
      "Whether Redis counts requests for all processes together; otherwise each process counts for itself, as all of them do while Redis is away.",
    fallback: false,
  }),
};
