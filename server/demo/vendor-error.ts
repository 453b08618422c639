/** The body of a HubSpot error as its description names it (`Error`: category, correlationId, message). */
interface VendorError {
  status: 'error';
  message: string;
  correlationId: string;
  category: string;
  errors?: { message: string; in?: string }[];
}

/** Builds a HubSpot-shaped error; `id` must be a UUID, and no message repeats a value that was sent. */
export const vendorError = (id: string, category: string, message: string, where?: string): VendorError => ({
  status: 'error',
  message,
  correlationId: id,
  category,
  ...(where === undefined ? {} : { errors: [{ message, in: where }] }),
});
