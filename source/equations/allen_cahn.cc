// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/exceptions.h>

#include <derl/equations/residual.h>
#include <derl/equations/sacado_residual.h>

#include <string>

namespace derl
{
  using namespace dealii;

  template <int dim>
  std::shared_ptr<const Residual>
  allen_cahn(const double lambda, const double reaction)
  {
    AssertThrow(lambda > 0,
                ExcMessage("The diffusion coefficient lambda of the "
                           "Allen-Cahn equation is " +
                           std::to_string(lambda) +
                           "; choose a positive number."));
    const auto equation = [lambda, reaction](const auto &jet,
                                             const auto &columns,
                                             const auto & /*point*/) {
      const auto &u         = jet[0];
      auto        laplacian = jet[1];
      for (unsigned int d = 1; d < dim; ++d)
        laplacian += jet[1 + d];
      return rows(lambda * laplacian + reaction * u * (u * u - 1.) -
                  columns[0]);
    };
    if constexpr (dim == 2)
      return residual({"u", "u_xx", "u_yy"}, {"forcing"}, equation);
    else
      return residual({"u", "u_xx", "u_yy", "u_zz"}, {"forcing"}, equation);
  }



  template std::shared_ptr<const Residual>
  allen_cahn<2>(const double, const double);
  template std::shared_ptr<const Residual>
  allen_cahn<3>(const double, const double);
} // namespace derl
