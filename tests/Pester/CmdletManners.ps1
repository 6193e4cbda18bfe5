<#
.SYNOPSIS
What every cmdlet has to do, as tests. A cmdlet's own file dot-sources this inside its Describe, and says how the cmdlet is called.
.DESCRIPTION
Each call is a script block with two parameters: further parameters to splat, and the place. The place is an object with the folder that
the test stands in (a copy of the folder samples), whatever -Prepare added to it, and Fresh(), a name that nothing has yet.
.PARAMETER Cmdlet
The cmdlet's name.
.PARAMETER Prepare
Makes what the calls need; run once, in the folder.
.PARAMETER Run
A call that succeeds, fed by the pipeline where the cmdlet takes anything from there.
.PARAMETER ByParameter
The same call with everything given by parameters.
.PARAMETER ByPropertyName
The same call, fed by an object with properties of the parameters' names.
.PARAMETER Wildcard
A call with a wildcard that gives something.
.PARAMETER Literal
A call of an item inside the folder a[1], by its literal path.
.PARAMETER Fail
A call that has one error.
.PARAMETER FailId
The id of that error.
.PARAMETER MayBeEmpty
The call succeeds without an object.
.PARAMETER GivesWithWhatIf
The call reads, and writes only besides: with -WhatIf it gives what it read.
.PARAMETER Skip
What the calls need is not there.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Cmdlet,
    [scriptblock] $Prepare = {},
    [Parameter(Mandatory)] [scriptblock] $Run,
    [scriptblock] $ByParameter,
    [scriptblock] $ByPropertyName,
    [scriptblock] $Wildcard,
    [scriptblock] $Literal,
    [scriptblock] $Fail,
    [string] $FailId,
    [switch] $MayBeEmpty,
    [switch] $GivesWithWhatIf,
    [switch] $Skip
)

# Which tests there are depends on the cmdlet's parameters, and on what its file says: what does not apply is no test, rather than a skipped one.
Import-Module $env:ATOMPRONET_MODULE -ErrorAction Stop
$asks = (Get-Command $Cmdlet -ErrorAction Stop).Parameters.ContainsKey('WhatIf')

$manners = @{
    Cmdlet = $Cmdlet; Prepare = $Prepare; Run = $Run; ByParameter = $ByParameter; ByPropertyName = $ByPropertyName
    Wildcard = $Wildcard; Literal = $Literal; Fail = $Fail; FailId = $FailId; MayBeEmpty = $MayBeEmpty.IsPresent; GivesWithWhatIf = $GivesWithWhatIf.IsPresent
}

Context 'as any cmdlet' -ForEach $manners -Skip:$Skip {
    BeforeAll {
        Import-Module $env:ATOMPRONET_MODULE -ErrorAction Stop
        $script:command = Get-Command $Cmdlet -ErrorAction Stop
        $script:place = [pscustomobject]@{ Folder = Join-Path $TestDrive 'place'; Data = $null }
        $place | Add-Member ScriptMethod Fresh { [IO.Path]::GetRandomFileName().Replace('.', '') }
        $null = New-Item $place.Folder -ItemType Directory -Force
        Copy-Item "$PSScriptRoot/../../samples/*" $place.Folder -Recurse -Force
        $script:environment = $env:MP_API_KEY, $env:PMG_VASP_PSP_DIR, $env:ATOMPRONET_HOME
        $env:MP_API_KEY = $env:PMG_VASP_PSP_DIR = $null
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'home'
        Push-Location $place.Folder
        $place.Data = & $Prepare $place

        $script:quiet = @{ WarningAction = 'SilentlyContinue' }
        if ($command.Parameters.ContainsKey('Confirm')) { $quiet.Confirm = $false }

        # What tells one object from another, whatever way it came.
        function Get-Mark([object[]] $Objects) {
            foreach ($item in $Objects) {
                if ($item -is [IO.FileSystemInfo]) { $item.Extension; continue }
                $mark = "$($item.ContentHash ?? $item.FreeEnergy ?? $item.Quantity ?? $item.Name ?? $item.Check ?? $item.Kind ?? $item.FrameCount ?? $item)"
                # A mark that all objects of a type share would let any of them pass for another.
                if ($mark -in '', $item.GetType().FullName) { throw "Nothing tells one $($item.GetType()) from another." }
                "$($item.GetType().Name) $mark"
            }
        }
    }

    AfterAll {
        Pop-Location
        $env:MP_API_KEY, $env:PMG_VASP_PSP_DIR, $env:ATOMPRONET_HOME = $environment
    }

    It 'gives what it says it gives' {
        $given = @(& $Run $quiet $place)
        if (-not $MayBeEmpty) { $given.Count | Should -BeGreaterThan 0 }
        $types = $command.OutputType.Type
        foreach ($item in $given) {
            $types.Where({ $_.IsInstanceOfType($item) }).Count | Should -BeGreaterThan 0 -Because "$($item.GetType()) is none of $types"
        }
    }

    It 'has help: synopsis, description, parameters, examples, and a page' {
        $help = Get-Help $Cmdlet -Full
        $help.Synopsis | Should -Match '\w{3}'
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
        $common = [Management.Automation.PSCmdlet]::CommonParameters
        $own = $command.Parameters.Keys | Where-Object { $_ -notin $common }
        foreach ($name in $own) { ($help.parameters.parameter | Where-Object name -eq $name).description.Text | Should -Not -BeNullOrEmpty -Because "-$name of $Cmdlet" }
        $command.HelpUri | Should -BeLike "https://*/docs/cmdlets/$Cmdlet.md"
    }

    if ($ByParameter -or $ByPropertyName) {
        It 'takes the same from the pipeline, by property name and by parameter' {
            $expected = Get-Mark @(& $Run $quiet $place)
            foreach ($way in $ByParameter, $ByPropertyName) {
                if ($way) { Get-Mark @(& $way $quiet $place) | Should -Be $expected }
            }
        }
    }

    if ($Wildcard) {
        It 'takes wildcards' {
            @(& $Wildcard $quiet $place).Count | Should -BeGreaterThan 0
        }
    }

    if ($Literal) {
        It 'takes a bracket for itself in a literal path' {
            @(& $Literal $quiet $place).Count | Should -BeGreaterThan 0
        }
    }

    if ($Fail) {
        It 'writes an error with a stable id, and stops there only where that is asked for' {
            $Error.Clear()
            try { $null = & $Fail ($quiet + @{ ErrorAction = 'SilentlyContinue' }) $place }
            catch { Write-Debug 'What ends the cmdlet is thrown even so.' }
            $Error.Count | Should -BeGreaterThan 0
            $Error[-1].FullyQualifiedErrorId | Should -BeLike "$FailId,*"
            { & $Fail ($quiet + @{ ErrorAction = 'Stop' }) $place } | Should -Throw -ErrorId "$FailId,*"
        }
    }

    if ($asks) {
        It 'does nothing with -WhatIf, and gives nothing' {
            $before = (Get-ChildItem $place.Folder -Recurse).FullName
            $given = & $Run ($quiet + @{ WhatIf = $true }) $place 6> $null
            if (-not $GivesWithWhatIf) { $given | Should -BeNullOrEmpty }
            (Get-ChildItem $place.Folder -Recurse).FullName | Should -Be $before
        }
    }

    It 'gives the same with -Verbose' {
        $given = @(& $Run ($quiet + @{ Verbose = $true }) $place 4>&1)
        $given | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object { "$_" | Should -Not -BeNullOrEmpty }
        Get-Mark @($given | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] }) | Should -Be (Get-Mark @(& $Run $quiet $place))
    }

    It 'is stopped without an error by Select-Object' {
        $Error.Clear()
        $null = & $Run $quiet $place | Select-Object -First 1
        $Error | Should -BeNullOrEmpty
    }

    It 'runs side by side' {
        $expected = @(& $Run $quiet $place).Count
        $text = $Run.ToString()
        $module = $env:ATOMPRONET_MODULE
        $folder = $place.Folder
        $counts = 1..2 | ForEach-Object -ThrottleLimit 2 -Parallel {
            Import-Module $using:module
            Set-Location $using:folder
            # A method in script belongs to the runspace that made it; called from two at once it gives one of them nothing now and then.
            $own = ($using:place).PSObject.Copy()
            $own | Add-Member ScriptMethod Fresh { [IO.Path]::GetRandomFileName().Replace('.', '') } -Force
            @(& ([scriptblock]::Create($using:text)) $using:quiet $own).Count
        }
        $counts | Should -Be @($expected, $expected)
    }

    It 'prints within 80 columns, the same under every culture' {
        # How a file or a text prints is not ours.
        $given = @(& $Run $quiet $place | Where-Object { $_.GetType().Namespace -like 'AtomProNet*' })
        $before = [cultureinfo]::CurrentCulture
        try {
            $texts = foreach ($culture in '', 'de-DE', 'tr-TR') {
                [cultureinfo]::CurrentCulture = $culture
                ($given | Out-String -Width 80) -replace '\x1b\[[0-9;]*m'
            }
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }

        # Where a line breaks inside a list is PowerShell's own, and another place in some cultures.
        $texts -replace '\s+' | Select-Object -Unique | Should -HaveCount 1
        ($texts[0] -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        foreach ($type in $command.OutputType.Type | Where-Object { $_.Namespace -like 'AtomProNet*' }) {
            Get-FormatData $type.FullName | Should -Not -BeNullOrEmpty -Because "$type needs a view"
        }
    }

    It 'completes the values of its parameters' {
        foreach ($parameter in $command.Parameters.Values) {
            $type = $parameter.ParameterType
            while ($type.IsArray) { $type = $type.GetElementType() }
            $type = [Nullable]::GetUnderlyingType($type) ?? $type
            if ($type.IsEnum -and $type.Namespace -like 'AtomProNet*') {
                $line = "$Cmdlet -$($parameter.Name) "
                $found = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
                [Enum]::GetNames($type) | Should -BeIn $found -Because $line
            }
        }
    }
}
