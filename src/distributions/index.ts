export { type Bernoulli, bernoulli, type BernoulliParameters } from "./bernoulli.ts";
export { type Categorical, categorical, type CategoricalParameters } from "./categorical.ts";
export { exponential, type Exponential, type ExponentialParameters } from "./exponential.ts";
export { gumbel, type Gumbel, type GumbelParameters } from "./gumbel.ts";
export { logistic, type Logistic, type LogisticParameters } from "./logistic.ts";
export { type MultivariateNormal, multivariateNormal, type MultivariateNormalParameters } from "./multivariate-normal.ts";
export { normal, type Normal, type NormalParameters } from "./normal.ts";
export { type OneHotCategorical, oneHotCategorical } from "./one-hot-categorical.ts";
export { uniform, type Uniform, type UniformParameters } from "./uniform.ts";
