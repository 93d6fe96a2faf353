import { idSchema, keyCreationSchema, keySchema, keysSchema, newKeySchema, type Operation } from "@lotty/contracts";

const tags = ["Keys"];

const parameters = [
  { name: "key_id", in: "path", description: "Id of the key.", required: true, schema: idSchema },
] as const;

/** What the description of the API says about `GET /v1/keys`. */
export const LIST_KEYS_OPERATION: Operation = {
  id: "listKeys",
  summary: "List API keys",
  tags,
  answers: { 200: { description: "All keys, revoked ones included, newest first.", schema: keysSchema } },
};

/** What the description of the API says about `POST /v1/keys`. */
export const MAKE_KEY_OPERATION: Operation = {
  id: "makeKey",
  summary: "Make an API key",
  tags,
  request: newKeySchema,
  answers: {
    201: {
      description: "The key, for the only time with its secret: the answer to a repetition has `null` in its place.",
      schema: keyCreationSchema,
    },
  },
};

/** What the description of the API says about `GET /v1/keys/{key_id}`. */
export const FIND_KEY_OPERATION: Operation = {
  id: "findKey",
  summary: "Look up an API key",
  tags,
  parameters,
  answers: { 200: { description: "The key, without its secret.", schema: keySchema } },
};

/** What the description of the API says about `DELETE /v1/keys/{key_id}`. */
export const REVOKE_KEY_OPERATION: Operation = {
  id: "revokeKey",
  summary: "Revoke an API key",
  description: "Every process stops taking it within a second. It stays in the list.",
  tags,
  parameters,
  answers: { 200: { description: "The key as it is now.", schema: keySchema } },
};
