namespace Vorel.Functions.Hosting;

/// <summary>How a function is called.</summary>
internal enum FunctionKind
{
    /// <summary>Whole requests are forwarded; there is no envelope.</summary>
    Http,

    /// <summary>A timer or queue trigger: an envelope calls a method.</summary>
    Method,

    /// <summary>A turn of an orchestration.</summary>
    Orchestrator,

    /// <summary>An activity of an orchestration.</summary>
    Activity,
}
