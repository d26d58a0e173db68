using AgentHost.Composition;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;

namespace AgentHost.Mcp;

/// <summary>
/// Gives a <see cref="SkillFunction"/> the protocol's manners: its answer as text and structured content, its refusal as a result
/// marked as an error, which a model sees and can act on. Each call leaves a line in the session trail.
/// </summary>
internal sealed class AnsweringFunction(SkillFunction skill, Architect architect) : DelegatingAIFunction(skill)
{
    /// <inheritdoc />
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            var answer = (ToolAnswer)(await base.InvokeCoreAsync(arguments, cancellationToken))!;
            architect.Leave(Name, answer.Conclusion, SkillFunction.ClientOf(arguments));
            return new CallToolResult
            {
                Content = [new TextContentBlock { Text = answer.Text }],
                StructuredContent = answer.Data,
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A failed call must not end the server: every failure becomes an answer.
        catch (Exception failure)
        {
            var complaint = Complaint.About(failure, Name);
            if (complaint.IsOurs)
                await Console.Error.WriteLineAsync(architect.Conceal($"agenthost: {Name}: {failure}"));
            architect.Leave(Name, new Conclusion(SkillFunction.Names(arguments), complaint.Verdict), SkillFunction.ClientOf(arguments));
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = architect.Conceal(complaint.Message) }] };
        }
#pragma warning restore CA1031
    }
}
