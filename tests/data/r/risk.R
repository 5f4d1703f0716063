# Risk ratios of 2 x 2 tables: the coefficient of a log-binomial model and its Wald limits are those of Katz et al.
# (1978). effectsize 0.8.3 gives the same ratio; its limits take the error of odds for that of risks.
# Run with: Rscript risk.R > risk.json
library(effectsize)
library(jsonlite)

risk <- function(counts, level) {
  shares <- counts[, 1] / rowSums(counts)
  model <- glm(counts ~ c(1, 0), family = binomial(link = "log"), start = c(log(shares[2]), log(shares[1] / shares[2])),
               control = glm.control(epsilon = 1e-10, maxit = 200))
  reach <- qnorm((1 + level) / 2) * sqrt(vcov(model)[2, 2])
  list(counts = counts, level = level, risk = exp(unname(coef(model)[2]) + c(0, -reach, reach)),
       effectsize = riskratio(t(counts))$Risk_ratio)
}

cases <- list(risk(matrix(c(16, 4, 2, 14), 2), 0.95), risk(matrix(c(3, 1, 1, 3), 2), 0.95),
              risk(matrix(c(120000, 118500, 90000, 91000), 2), 0.99), risk(matrix(c(1, 30, 44, 20), 2), 0.9))
cat(toJSON(cases, digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
