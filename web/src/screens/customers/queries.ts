// What several screens read of one customer, under one key each.
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { allPages } from "../../parts/remote";

export const useInvoices = (customerId: string, enabled = true) =>
  useQuery({
    queryKey: ["invoices", customerId],
    enabled,
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/invoices", { params: { path: { customer_id: customerId }, query: { cursor } } })))).items,
  });

export const useCharges = (customerId: string, enabled = true) =>
  useQuery({
    queryKey: ["charges", customerId],
    enabled,
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/charges", { params: { path: { customer_id: customerId }, query: { cursor } } })))).items,
  });
