import { callerSchema, logInSchema, type Operation, ownPasswordSchema, userSchema } from "@lotty/contracts";

const tags = ["Sessions"];

/** What the description of the API says about `POST /v1/session`. */
export const LOG_IN_OPERATION: Operation = {
  id: "logIn",
  summary: "Log in",
  description: "Begins a session, in an HttpOnly cookie, and ends the one that the request came with.",
  tags,
  request: logInSchema,
  answers: { 200: { description: "Who has logged in, with the token that changes need.", schema: callerSchema } },
};

/** What the description of the API says about `GET /v1/session`. */
export const WHO_AM_I_OPERATION: Operation = {
  id: "whoAmI",
  summary: "Tell who makes the request",
  tags,
  answers: { 200: { description: "The caller as the API understands it.", schema: callerSchema } },
};

/** What the description of the API says about `DELETE /v1/session`. */
export const LOG_OUT_OPERATION: Operation = {
  id: "logOut",
  summary: "Log out",
  tags,
  answers: { 204: { description: "The session has ended." } },
};

/** What the description of the API says about `DELETE /v1/sessions`. */
export const END_ALL_SESSIONS_OPERATION: Operation = {
  id: "logOutEverywhere",
  summary: "Log out everywhere",
  tags,
  answers: { 204: { description: "All sessions of the person have ended, in every process." } },
};

/** What the description of the API says about `PUT /v1/session/password`. */
export const OWN_PASSWORD_OPERATION: Operation = {
  id: "changeOwnPassword",
  summary: "Change one's own password",
  description: "Ends all other sessions of the person.",
  tags,
  request: ownPasswordSchema,
  answers: { 200: { description: "The person.", schema: userSchema } },
};
