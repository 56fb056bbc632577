using Platform.Simulations.Experiments;

return args switch
{
    ["experiments"] => ExperimentTable.Print(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say what to simulate: experiments");
    return 1;
}
