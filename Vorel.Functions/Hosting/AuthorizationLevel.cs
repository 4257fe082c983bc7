namespace Vorel.Functions.Hosting;

/// <summary>Which key the Functions host asks for before it forwards a request.</summary>
internal enum AuthorizationLevel
{
    /// <summary>None: the handler decides by itself who may call.</summary>
    Anonymous,

    /// <summary>A function or host key.</summary>
    Function,

    /// <summary>The master key.</summary>
    Admin,
}
