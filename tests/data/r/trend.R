# Makes trend.json: change over time by Theil-Sen, Mann-Kendall (Hamed & Rao) and least squares with Newey-West.
# Run: Rscript tests/data/r/trend.R   (R 4.2 with jsonlite; the methods are written out, the sources beside them)
suppressMessages(library(jsonlite)); options(warn = -1)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()
# Sen (1968), JASA 63, 1379-1389: the median of all slopes; its interval from the variance of Kendall's S.
theil_sen <- function(t, y, variance) {
  pairs <- combn(length(t), 2); run <- t[pairs[2, ]] - t[pairs[1, ]]
  slopes <- sort(((y[pairs[2, ]] - y[pairs[1, ]]) / run)[run != 0])
  n <- length(slopes); c <- qnorm(0.975) * sqrt(variance)
  low <- (n - c) / 2; high <- (n + c) / 2 + 1
  list(slope = median(slopes), low = slopes[max(1, round(low))], high = slopes[min(n, round(high))])
}
# Mann (1945); Kendall (1975); the variance of ties; Hamed & Rao (1998), J. Hydrology 204, 182-196.
mann_kendall <- function(t, y) {
  n <- length(y); s <- 0
  for (i in 1:(n - 1)) s <- s + sum(sign(y[(i + 1):n] - y[i]))
  ties <- as.numeric(table(y)); variance <- (n * (n - 1) * (2 * n + 5) - sum(ties * (ties - 1) * (2 * ties + 5))) / 18
  slope <- theil_sen(t, y, variance)$slope
  rho <- acf(rank(y - slope * t), lag.max = n - 1, plot = FALSE)$acf[-1]
  kept <- abs(rho) > qnorm(0.975) / sqrt(n); i <- seq_len(n - 1)
  factor <- 1 + 2 / (n * (n - 1) * (n - 2)) * sum(((n - i) * (n - i - 1) * (n - i - 2) * rho)[kept])
  z <- function(v) if (s == 0) 0 else (s - sign(s)) / sqrt(v)
  list(s = s, variance = variance, z = z(variance), p = 2 * pnorm(-abs(z(variance))), factor = factor,
       corrected_z = if (factor > 0) z(variance * factor) else NULL,
       corrected_p = if (factor > 0) 2 * pnorm(-abs(z(variance * factor))) else NULL)
}
# Newey & West (1987), Econometrica 55, 703-708: Bartlett weights, floor(4 (n / 100)^(2/9)) lags, n / (n - 2).
newey_west <- function(t, y) {
  model <- lm(y ~ t); n <- length(y); design <- cbind(1, t - mean(t)); lags <- floor(4 * (n / 100)^(2 / 9))
  scores <- design * residuals(model); meat <- crossprod(scores)
  for (l in seq_len(lags)) {
    part <- crossprod(scores[(1 + l):n, ], scores[1:(n - l), ]); meat <- meat + (1 - l / (lags + 1)) * (part + t(part))
  }
  bread <- solve(crossprod(design)); error <- sqrt((bread %*% meat %*% bread * n / (n - 2))[2, 2])
  slope <- unname(coef(model)[2]); half <- qt(0.975, n - 2) * error
  list(slope = slope, error = error, t = slope / error, p = 2 * pt(-abs(slope / error), n - 2),
       low = slope - half, high = slope + half, lags = lags, r1 = acf(residuals(model), plot = FALSE)$acf[2])
}
# Hirsch, Slack & Smith (1982), Water Resour. Res. 18, 107-121; covariances: Hirsch & Slack (1984), ibid. 20, 727-732.
# The line has a mean for each place of the season: lm(y ~ t + factor(place)); its errors by Newey & West, n / (n - p).
seasonal <- function(t, y, season) {
  n <- length(y); place <- (seq_len(n) - 1) %% season + 1; cycle <- (seq_len(n) - 1) %/% season + 1; s <- 0; slopes <- NULL
  cycles <- max(cycle); x <- matrix(NA, cycles, season); x[cbind(cycle, place)] <- y; plain <- 0
  rank_of <- function(v) sapply(seq_along(v), function(i)
    if (is.na(v[i])) (sum(!is.na(v)) + 1) / 2 else (sum(!is.na(v)) + 1 + sum(sign(v[i] - v), na.rm = TRUE)) / 2)
  for (g in 1:season) {
    v <- y[place == g]; u <- t[place == g]; m <- length(v); ties <- as.numeric(table(v))
    for (i in 1:(m - 1)) for (j in (i + 1):m) { s <- s + sign(v[j] - v[i]); slopes <- c(slopes, (v[j] - v[i]) / (u[j] - u[i])) }
    plain <- plain + (m * (m - 1) * (2 * m + 5) - sum(ties * (ties - 1) * (2 * ties + 5))) / 18
  }
  whole <- plain
  for (g in 1:season) for (h in 1:season) if (g != h) {
    k <- 0
    for (i in 1:(cycles - 1)) for (j in (i + 1):cycles) {
      step <- sign((x[j, g] - x[i, g]) * (x[j, h] - x[i, h])); if (!is.na(step)) k <- k + step
    }
    whole <- whole + (k + 4 * sum(rank_of(x[, g]) * rank_of(x[, h])) -
                      cycles * (sum(!is.na(x[, g])) + 1) * (sum(!is.na(x[, h])) + 1)) / 3
  }
  slopes <- sort(slopes); count <- length(slopes); reach <- qnorm(0.975) * sqrt(plain)
  model <- lm(y ~ t + factor(place)); design <- model.matrix(model); lags <- floor(4 * (n / 100)^(2 / 9))
  scores <- design * residuals(model); meat <- crossprod(scores)
  for (l in seq_len(lags)) {
    part <- crossprod(scores[(1 + l):n, ], scores[1:(n - l), ]); meat <- meat + (1 - l / (lags + 1)) * (part + t(part))
  }
  bread <- solve(crossprod(design)); df <- n - season - 1
  error <- sqrt((bread %*% meat %*% bread * n / df)[2, 2]); b <- unname(coef(model)[2])
  list(s = s, plain = plain, whole = whole, slope = median(slopes), low = slopes[max(1, round((count - reach) / 2))],
       high = slopes[min(count, round((count + reach) / 2 + 1))], line = b, t = b / error, p = 2 * pt(-abs(b / error), df))
}
# Wang, Smith & Hyndman (2006) on the classical decomposition, R's decompose.
strength <- function(y, season) {
  parts <- decompose(ts(y, frequency = season)); kept <- !is.na(parts$random)
  max(0, 1 - var(parts$random[kept]) / var((parts$random + parts$seasonal)[kept]))
}
trend <- function(name, t, y, season = NULL) {
  kendall <- mann_kendall(t, y); used <- if (is.null(kendall$corrected_z)) kendall$variance else kendall$variance
  cases[[length(cases) + 1]] <<- list(name = name, t = t, y = y, season = season, kendall = kendall,
    sen = theil_sen(t, y, kendall$variance), line = newey_west(t, y),
    strength = if (is.null(season)) NULL else strength(y, season),
    seasonal = if (is.null(season)) NULL else seasonal(as.numeric(t), y, season))
}
trend("Nile", 1871:1970, as.numeric(Nile))
trend("AirPassengers", seq(1949, by = 1 / 12, length.out = 144), as.numeric(AirPassengers), 12)
trend("LakeHuron", 1875:1972, as.numeric(LakeHuron))
trend("co2", seq(1959, by = 1 / 12, length.out = 120), as.numeric(co2)[1:120], 12)
trend("lynx", 1821:1934, as.numeric(lynx))
trend("women", women$height, women$weight)
trend("ties", 1:30, rep(c(1, 2, 2, 3, 1, 4), 5))
trend("gaps in time", c(1, 2, 4, 7, 8, 11, 12, 15, 20, 21, 25, 30), c(3, 2, 5, 4, 7, 6, 9, 8, 8, 12, 11, 15))
trend("UKgas", seq(1960, by = 0.25, length.out = 108), as.numeric(UKgas), 4)
trend("five points", 1:5, c(2.5, 3.1, 2.9, 4.4, 4.2))
trend("falling", 1:40, round(100 - 1.5 * 1:40 + 8 * sin(1:40), 4))
trend("far from zero", 1.6e9 + 3600 * 1:48, 1e5 + round(cos(1:48 / 4) + 1:48 / 90, 5))
trend("up and down by turns", 1:24, round(10 + rep(c(1, -1), 12) * (1 + 1:24 / 50) + sin(1:24 * 1.7) / 3, 5))
trend("a cycle cut short", 1:69, round(5 * sin(2 * pi * 1:69 / 12) + cos(1:69 * 5) + 1:69 / 30, 3), 12)
write(toJSON(list(about = "Made by trend.R", r = R.version.string, cases = cases), digits = NA, auto_unbox = TRUE,
             null = "null"), file.path(here, "trend.json"))
