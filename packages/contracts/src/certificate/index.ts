export { certificateSchema, presentCertificate, type CertificateResponse } from "./present-certificate.ts";
