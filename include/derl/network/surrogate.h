// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_surrogate_h
#define derl_network_surrogate_h

#include <derl/base/jet_entry.h>

#include <derl/network/activation.h>
#include <derl/network/maps.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <deal.II/lac/vector.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  class JetPlan;



  /**
   * The name of an activation in parameter and model files.
   */
  std::string
  to_string(const Activation activation);

  /**
   * The inverse of to_string(); throws on an unknown name.
   */
  Activation
  activation_from_string(const std::string &name);

  /**
   * The names of all activations with @p separator between them.
   */
  std::string
  activation_names(const std::string &separator);



  /**
   * The shape of a multi-layer perceptron: @p n_inputs coordinates, hidden
   * layers of the given widths with one activation, and a linear layer to
   * @p n_outputs components.
   *
   * Its parameters are one flat vector: for each layer the weight matrix, row
   * by row (a row per unit of the layer), then the biases.
   */
  struct Architecture
  {
    unsigned int              n_inputs   = 2;
    std::vector<unsigned int> hidden     = {20, 20, 20};
    unsigned int              n_outputs  = 1;
    Activation                activation = Activation::tanh;
    /** Sharpness beta of softplus; without meaning for the others. */
    double softplus_beta = 1.;

    /**
     * Number of weight matrices: one more than there are hidden layers.
     */
    unsigned int
    n_layers() const;

    /**
     * Width of layer @p layer, where 0 stands for the inputs and n_layers()
     * for the outputs.
     */
    unsigned int
    width(const unsigned int layer) const;

    /**
     * Number of parameters, as a double because widths from an input file may
     * overflow any integer.
     */
    double
    n_parameters_as_double() const;

    /**
     * Number of parameters. check() must have passed.
     */
    unsigned int
    n_parameters() const;

    /**
     * Throw if a number is out of range or if there are more parameters than
     * a 32 bit index can count.
     */
    void
    check() const;

    bool
    operator==(const Architecture &other) const;
  };

  /**
   * Random initial parameters: weights and biases of a layer uniform in
   * (-1/sqrt(n), 1/sqrt(n)), n the number of the layer's inputs (the default
   * of the reference implementation of arXiv 2505.01391). The same seed gives
   * the same numbers on every platform and every rank.
   */
  dealii::Vector<double>
  initial_parameters(const Architecture &architecture,
                     const std::uint32_t seed);



  /**
   * The affine maps between a user's units and the network's: the network sees
   * (x_i - input_shift_i) / input_scale_i for each coordinate i, and
   * output_shift_o + output_scale_o times the network's output o is component o
   * of the surrogate. An InputMap does something else with coordinates, an
   * OutputMap something more with outputs. Derivatives of the surrogate are
   * with respect to the user's coordinates.
   */
  struct Scaling
  {
    std::vector<double> input_shift;
    std::vector<double> input_scale;
    std::vector<double> output_shift;
    std::vector<double> output_scale;

    /**
     * No scaling at all: shifts 0, scales 1.
     */
    static Scaling
    identity(const unsigned int n_coordinates, const unsigned int n_outputs);

    bool
    operator==(const Scaling &other) const
    {
      return input_shift == other.input_shift &&
             input_scale == other.input_scale &&
             output_shift == other.output_shift &&
             output_scale == other.output_scale;
    }

    /**
     * Throw if lengths do not fit or a number is not finite or a scale is 0.
     */
    void
    check(const unsigned int n_coordinates, const unsigned int n_outputs) const;
  };



  /**
   * In what numbers a network is evaluated. Everything that comes in and goes
   * out is double either way, and sums over blocks of points are taken in
   * double.
   */
  enum class Precision
  {
    double_precision,
    /** about twice as fast, with errors of 1e-7 */
    single_precision
  };



  /**
   * The options of a network in a parameter file.
   */
  struct NetworkParameters
  {
    std::vector<unsigned int> hidden        = {20, 20, 20};
    std::string               activation    = "tanh";
    double                    softplus_beta = 1.;
    unsigned int              seed          = 30;

    /**
     * Declare the entries in the current subsection of @p parameters.
     */
    void
    declare_parameters(dealii::ParameterHandler &parameters);

    /**
     * The network with these options.
     */
    Architecture
    architecture(const unsigned int n_inputs,
                 const unsigned int n_outputs) const;
  };



  /**
   * The origin of a surrogate, for the reader. No value of the network
   * depends on it; SurrogateFunction compares points with the box, and warns or
   * throws outside of it (see OutsideBox).
   */
  struct Provenance
  {
    std::string  derl_version;
    std::string  deal_ii_version;
    unsigned int seed    = 0;
    unsigned int n_ranks = 0;
    /** The mesh-based solution or formula that samples were taken from. */
    std::string reference;
    std::string optimizer;

    struct Term
    {
      std::string name;
      double      weight;
      double      final_value;
    };
    std::vector<Term> terms;

    /** Named errors measured after training, e.g. relative_l2_error. */
    std::vector<std::pair<std::string, double>> errors;

    /** Bounding box of the training samples, in the user's units; empty before
     * training. Outside of it the surrogate extrapolates. */
    std::vector<double> box_lower;
    std::vector<double> box_upper;
  };



  /**
   * A trained (or initial) network with everything that is needed to use it:
   * parameters, the maps around it, the names of its coordinates and
   * components, and where it comes from. This is what is saved, loaded and
   * evaluated. The same on all ranks.
   *
   * From the coordinates to the components: the input map makes features of the
   * coordinates, the network makes outputs of these, the outputs are scaled,
   * and the output map makes components of them.
   */
  struct Surrogate
  {
    /**
     * A surrogate whose parts are still to be set.
     */
    Surrogate() = default;

    /**
     * A surrogate with random initial parameters and no scaling. The maps
     * determine the numbers of the network's inputs and outputs.
     *
     * @param coordinates names of the coordinates: space, then time, then
     *   parameters.
     * @param components names of the components.
     */
    Surrogate(const NetworkParameters        &parameters,
              const std::vector<std::string> &coordinates,
              const std::vector<std::string> &components,
              const InputMap                 &input_map  = InputMap(),
              const OutputMap                &output_map = OutputMap());

    /**
     * A surrogate of given parts, zero parameters and no scaling.
     */
    Surrogate(const Architecture             &architecture,
              const std::vector<std::string> &coordinates,
              const std::vector<std::string> &components,
              const InputMap                 &input_map  = InputMap(),
              const OutputMap                &output_map = OutputMap());

    unsigned int
    n_coordinates() const;

    unsigned int
    n_components() const;

    /**
     * A plan for the jets of this surrogate.
     */
    JetPlan
    make_plan(const DerivativeSet &derivatives,
              const Precision precision = Precision::double_precision) const;

    /**
     * The names of coordinates, components and their derivatives.
     */
    FieldNames
    names() const;

    /**
     * Throw if names, maps and parameters do not fit the architecture.
     */
    void
    check() const;

    /**
     * Whether plans made for this surrogate serve @p other, too: architecture,
     * scaling, maps and fixed layers are the same.
     */
    bool
    has_equal_plans(const Surrogate &other) const;

    Architecture             architecture;
    Scaling                  scaling;
    InputMap                 input_map;
    OutputMap                output_map;
    std::vector<std::string> coordinates;
    std::vector<std::string> components;
    dealii::Vector<double>   parameters;
    Provenance               provenance;

    /** Where the surrogate is meant to be used, if this was set: bounds
     * of each coordinate, which may be infinite. Otherwise empty; then it is
     * the training box. */
    std::vector<double> domain_lower;
    std::vector<double> domain_upper;

    /** Coefficients that were learned along with the parameters. */
    std::vector<std::pair<std::string, double>> coefficients;

    /** What was found about the surrogate's quality, for the reader: a
     * sentence, and the numbers that it is based on. */
    struct Verdict
    {
      std::string                                 text;
      std::vector<std::pair<std::string, double>> figures;
    };
    Verdict verdict;

    /** Numbers of the layers (0 is the first one after the inputs, the last
     * one makes the outputs) whose weights and biases training leaves as they
     * are. Not part of the model file. */
    std::vector<unsigned int> fixed_layers;
  };



  /**
   * A surrogate with wider hidden layers that is the same function, to
   * round-off: weights from a new unit to an old one or to an output are zero,
   * those to a new unit are random, as initial parameters are. Training can
   * then use the new units. Throws if @p hidden has another number of layers or
   * if a layer would become narrower.
   */
  Surrogate
  widen(const Surrogate                 &surrogate,
        const std::vector<unsigned int> &hidden,
        const std::uint32_t              seed);

  /**
   * A text that says what the maps of a surrogate are, to be compared and read;
   * of a surrogate in a lifting it gives the checksum.
   */
  std::string
  describe_maps(const Surrogate &surrogate);



  /**
   * The text of the model file: JSON with a format version, the architecture,
   * names, maps, parameters in full precision, provenance, and a checksum
   * (CRC-32) over all of it. Reading it back gives bitwise the same numbers.
   * See doc/model_file.md for the format.
   */
  std::string
  to_model_text(const Surrogate &surrogate);

  /**
   * The inverse of to_model_text(). Whatever the text is, the result is a
   * complete surrogate or an exception that says what is wrong with it.
   *
   * @param origin the file's name for error messages.
   */
  Surrogate
  from_model_text(const std::string &text, const std::string &origin);

  /**
   * Write a model file in one step, by the first rank. Collective.
   */
  void
  save(const MPI_Comm    &communicator,
       const std::string &path,
       const Surrogate   &surrogate);

  /**
   * Read a model file on the first rank and give it to all. Collective.
   */
  Surrogate
  load(const MPI_Comm &communicator, const std::string &path);
} // namespace derl

#endif
