-- The workload's writes, each for a thousand rows that are spread as they are in life; the time of one is a thousandth.

-- name: place an order
INSERT INTO orders (customer_id, status, total, shipping, placed_at)
SELECT customer_id, 'pending', total, shipping, timestamptz '2026-07-01 00:00:00+00' + id * interval '1 millisecond' FROM orders WHERE id IN (SELECT n * 249 FROM generate_series(1, 1000) AS n);

-- name: add its items
INSERT INTO order_items (order_id, line, product_id, quantity, price)
SELECT order_id, 9, product_id, quantity, price FROM order_items WHERE line = 1 AND order_id IN (SELECT n * 249 FROM generate_series(1, 1000) AS n);

-- name: move an order on
UPDATE orders SET status = CASE status WHEN 'paid' THEN 'packed' ELSE 'shipped' END WHERE id IN (SELECT 249000 - n * 31 FROM generate_series(1, 1000) AS n);

-- name: take from stock
UPDATE products SET stock = stock - 1 WHERE id IN (SELECT n * 59 FROM generate_series(1, 1000) AS n);

-- name: change a cart
UPDATE carts SET items = items || '[{"product": 7, "quantity": 2}]', updated_at = '2026-07-01 10:00:00+00' WHERE id IN (SELECT 150000 - n * 47 FROM generate_series(1, 1000) AS n);

-- name: write a review
INSERT INTO reviews (product_id, customer_id, stars, body, is_approved, created_at)
SELECT product_id, customer_id, stars, body, false, timestamptz '2026-07-01 00:00:00+00' + id * interval '1 millisecond' FROM reviews WHERE id IN (SELECT n * 149 FROM generate_series(1, 1000) AS n);
