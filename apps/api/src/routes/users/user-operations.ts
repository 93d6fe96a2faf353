import { idSchema, newUserSchema, type Operation, userChangeSchema, userSchema, usersSchema } from "@lotty/contracts";

const tags = ["People"];

const parameters = [
  { name: "user_id", in: "path", description: "Id of the person.", required: true, schema: idSchema },
] as const;

/** What the description of the API says about `GET /v1/users`. */
export const LIST_USERS_OPERATION: Operation = {
  id: "listUsers",
  summary: "List people",
  tags,
  answers: { 200: { description: "Everyone, by name.", schema: usersSchema } },
};

/** What the description of the API says about `POST /v1/users`. */
export const ADD_USER_OPERATION: Operation = {
  id: "addUser",
  summary: "Add a person",
  tags,
  request: newUserSchema,
  answers: { 201: { description: "The person.", schema: userSchema } },
};

/** What the description of the API says about `GET /v1/users/{user_id}`. */
export const FIND_USER_OPERATION: Operation = {
  id: "findUser",
  summary: "Look up a person",
  tags,
  parameters,
  answers: { 200: { description: "The person.", schema: userSchema } },
};

/** What the description of the API says about `PATCH /v1/users/{user_id}`. */
export const CHANGE_USER_OPERATION: Operation = {
  id: "changeUser",
  summary: "Change the roles or the password of a person, or disable the person",
  description: "A new password, and being disabled, end all sessions of the person. The last admin stays one.",
  tags,
  parameters,
  request: userChangeSchema,
  answers: { 200: { description: "The person.", schema: userSchema } },
};

/** What the description of the API says about `DELETE /v1/users/{user_id}`. */
export const REMOVE_USER_OPERATION: Operation = {
  id: "removeUser",
  summary: "Remove a person",
  description: "Keys that the person has made stay.",
  tags,
  parameters,
  answers: { 204: { description: "The person is gone, with all sessions." } },
};

/** What the description of the API says about `DELETE /v1/users/{user_id}/sessions`. */
export const END_SESSIONS_OPERATION: Operation = {
  id: "endSessions",
  summary: "Log a person out everywhere",
  tags,
  parameters,
  answers: { 204: { description: "The person has no session any more." } },
};
