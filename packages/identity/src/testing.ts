export { CHEAP_SCRYPT } from "./passwords/cheap-scrypt.ts";
export { MemoryIdentityStore } from "./memory/memory-identity-store.ts";
